/** For larger pictures, only the checksums are verified. */
const MAX_INFLATED = 64 * 2 ** 20;
const INFLATED_AT_ONCE = 256 * 2 ** 10;
/**
 * More chunks than any encoder writes. Later ones aren't checked: a file of tiny chunks would take
 * minutes.
 */
const MAX_PARTS = 2 ** 16;
/** The bit depths and the channels of each colour type. */
const COLOURS: ReadonlyMap<number, { depths: readonly number[]; channels: number }> = new Map([
  [0, { depths: [1, 2, 4, 8, 16], channels: 1 }],
  [2, { depths: [8, 16], channels: 3 }],
  [3, { depths: [1, 2, 4, 8], channels: 1 }],
  [4, { depths: [8, 16], channels: 2 }],
  [6, { depths: [8, 16], channels: 4 }],
]);
const PALETTE = 3;
const DAMAGED = "is damaged: its header is wrong";
const CUT_OFF = "is cut off: its end is missing";

/** Why a PNG can't be decoded, as the end of a sentence. */
export async function pngFault(bytes: Buffer): Promise<string | undefined> {
  const { crc32 } = await import("node:zlib");
  const pixels: Buffer[] = [];
  let hasPalette = false;
  let at = 8;
  for (let part = 0; ; part++) {
    if (part > MAX_PARTS) return undefined;
    if (at + 8 > bytes.length) return CUT_OFF;
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString("latin1", at + 4, at + 8);
    if (part === 0 && (type !== "IHDR" || length !== 13)) return DAMAGED;
    if (type === "IEND") break;
    if (at + 12 + length > bytes.length) return CUT_OFF;
    const content = bytes.subarray(at + 8, at + 8 + length);
    // Chunks whose name starts with a lower-case letter are optional, and decoders skip them.
    const sum = crc32(bytes.subarray(at + 4, at + 8 + length));
    if (/^[A-Z]/.test(type) && sum !== bytes.readUInt32BE(at + 8 + length)) {
      return `is damaged: the checksum of its ${type} chunk is wrong`;
    }
    if (type === "IDAT") pixels.push(content);
    if (type === "PLTE") hasPalette = true;
    at += 12 + length;
  }
  const header = bytes.subarray(16, 29);
  const colour = COLOURS.get(header.readUInt8(9));
  if (colour === undefined || !colour.depths.includes(header.readUInt8(8))) return DAMAGED;
  if (header.readUInt32BE(0) === 0 || header.readUInt32BE(4) === 0) return "has no pixels";
  if (header.readUInt8(9) === PALETTE && !hasPalette) return "is damaged: it has no palette";
  return pixelFault(Buffer.concat(pixels), sizeOfPixels(header, colour.channels));
}

/** Expected size in bytes; only a lower bound for an interlaced picture. */
function sizeOfPixels(header: Buffer, channels: number): number {
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const row = 1 + Math.ceil((width * channels * header.readUInt8(8)) / 8);
  const interlaced = header.readUInt8(12) !== 0;
  return interlaced ? 1 : row * height;
}

async function pixelFault(compressed: Buffer, size: number): Promise<string | undefined> {
  if (compressed.length <= 2) return "has no pixels";
  if (size > MAX_INFLATED) return undefined;
  const { createInflateRaw } = await import("node:zlib");
  const inflate = createInflateRaw({ chunkSize: INFLATED_AT_ONCE });
  // Without the header and the checksum of the stream, which decoders don't require.
  inflate.end(compressed.subarray(2));
  let length = 0;
  try {
    for await (const { length: more } of inflate) {
      length += more;
      if (length >= size) return undefined;
    }
    return "is cut off: pixels are missing";
  } catch {
    return "is damaged: its pixels can't be read";
  }
}
