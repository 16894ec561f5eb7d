const CUT_OFF = "is cut off: its end is missing";
const DAMAGED = "is damaged: its header is wrong";

/** Why a WebP can't be decoded, as the end of a sentence. */
export function webpFault(bytes: Buffer): string | undefined {
  const end = 8 + bytes.readUInt32LE(4);
  if (end > bytes.length) return CUT_OFF;
  for (let at = 12; at + 8 <= end; ) {
    const type = bytes.readUInt32BE(at);
    const length = bytes.readUInt32LE(at + 4);
    const next = at + 8 + length;
    if (next > bytes.length) return CUT_OFF;
    if (type === VP8) {
      return bytes.subarray(at + 8, next).includes(START_OF_FRAME) ? undefined : DAMAGED;
    }
    if (type === VP8L) return length > 0 && bytes[at + 8] === 0x2f ? undefined : DAMAGED;
    if (type === ANMF) return undefined;
    // Parts have even length.
    at = next + (length % 2);
  }
  return "has no pixels";
}

// The parts' names.
const VP8 = 0x56503820;
const VP8L = 0x5650384c;
const ANMF = 0x414e4d46;
const START_OF_FRAME = Buffer.from([0x9d, 0x01, 0x2a]);
