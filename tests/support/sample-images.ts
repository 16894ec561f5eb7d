import { crc32, deflateSync } from "node:zlib";

const SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
const jpeg = Buffer.from(
  "/9j/2wBDAP////////////////////////////////////////////////////////////////////////////////" +
    "//////2wBDAf//////////////////////////////////////////////////////////////////////////" +
    "////////////wAARCAACAAIDASIAAhEBAxEB/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAAAAAAAAAAAAAA" +
    "AAAAAAD/xAAVAQEBAAAAAAAAAAAAAAAAAAABAv/EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAMAwEAAhEDEQA/AAAU/9k=",
  "base64",
);
const gif = Buffer.from("R0lGODlhAgACAIAAAExpcchkMiH5BAUAAAAALAAAAAACAAIAAAICjFMAOw==", "base64");
const animatedGif = Buffer.from(
  "R0lGODlhAQACAIEAAExpcQD/AP8AAAAAACH5BAUAAAAALAAAAAABAAIAAAICVAoAIfkEBQAAAAAsAAAAAAEAAgCB" +
    "TGlxCQkJAAD/AAAAAgJUCgA7",
  "base64",
);
const webp = Buffer.from(
  "UklGRi4AAABXRUJQVlA4ICIAAABwAQCdASoCAAIADMDOJaACdAFAAADxhhhME64ElaswgAAA",
  "base64",
);
const losslessWebp = Buffer.from("UklGRh4AAABXRUJQVlA4TBEAAAAvAUAAAAdQsiJXpv+BiOh/AAA=", "base64");
const animatedWebp = Buffer.from(
  "UklGRqYAAABXRUJQVlA4WAoAAAACAAAAAAAAAQAAQU5JTQYAAAD/////AQBBTk1GOgAAAAAAAAAAAAAAAAEAAGQA" +
    "AAJWUDggIgAAAJABAJ0BKgEAAgAMwM4loAJ0AQ4nAADK+eFlNcLZZPOAAABBTk1GOAAAAAAAAAAAAAAAAAEAAGQA" +
    "AABWUDggIAAAAHQBAJ0BKgEAAgAAAM4loAJ0AUAAAP7rNvuk/U/uUAAA",
  "base64",
);

function chunk(type: string, content: Buffer = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([Buffer.from(type), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

interface PngParts {
  readonly width?: number;
  readonly colour?: number;
  /** The rows, each with its filter byte; compressed below. */
  readonly rows?: Buffer;
  readonly data?: Buffer | null;
  readonly extra?: readonly Buffer[];
}

/** A PNG of 2 × 2 pixels, except for the given changes. */
export function png(parts: PngParts = {}): Buffer {
  const { width = 2, colour = 2, rows = Buffer.alloc(14), extra = [] } = parts;
  const { data = deflateSync(rows) } = parts;
  const header = Buffer.from([0, 0, 0, width, 0, 0, 0, 2, 8, colour, 0, 0, 0]);
  const pixels = data === null ? [] : [chunk("IDAT", data)];
  return Buffer.concat([SIGNATURE, chunk("IHDR", header), ...extra, ...pixels, chunk("IEND")]);
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at < 0 ? copy.length + at : at] = (copy.at(at) ?? 0) ^ 0xff;
  return copy;
}

const textChunk = chunk("tEXt", Buffer.from("a\0b"));
const startOfScan = jpeg.indexOf(Buffer.from([0xff, 0xda]));
const startOfFrame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));

/** Images that the server decodes. */
export const decodable: readonly (readonly [name: string, bytes: Buffer])[] = [
  ["a PNG", png()],
  ["a PNG in grey", png({ colour: 0, rows: Buffer.alloc(6) })],
  ["a PNG with a damaged comment", png({ extra: [flipped(textChunk, -1)] })],
  ["a PNG with too many pixels", png({ rows: Buffer.alloc(28) })],
  ["a PNG with something behind it", Buffer.concat([png(), Buffer.from("more")])],
  ["a JPEG", jpeg],
  ["a JPEG with something behind it", Buffer.concat([jpeg, Buffer.from("more")])],
  ["a GIF", gif],
  ["a GIF that moves", animatedGif],
  ["a GIF whose second picture is cut off", animatedGif.subarray(0, 70)],
  ["a WebP", webp],
  ["a lossless WebP", losslessWebp],
  ["a WebP that moves", animatedWebp],
];

/** Files that the server replaces with a note, and how each is refused. */
export const undecodable: readonly (readonly [name: string, bytes: Buffer, fault: RegExp])[] = [
  ["an empty file", Buffer.alloc(0), /is empty/],
  ["a text", Buffer.from("hello"), /isn't a PNG, JPEG, GIF or WebP image/],
  [
    "a BMP",
    Buffer.from(`BM${"\0".repeat(60)}`),
    /is a BMP, but the server supports only PNG, JPEG, GIF and WebP: convert it/,
  ],
  ["a TIFF", Buffer.from(`II*\0${"\0".repeat(60)}`), /is a TIFF/],
  ["an AVIF", Buffer.from("\0\0\0\x20ftypavif"), /is an AVIF/],
  ["an SVG", Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), /is an SVG/],
  ["a PNG without its end", png().subarray(0, -12), /is cut off/],
  ["half a PNG", png().subarray(0, 50), /is cut off/],
  ["only the start of a PNG", png().subarray(0, 8), /is cut off/],
  ["a PNG with a changed pixel", flipped(png(), -20), /is damaged: the checksum of its IDAT chunk/],
  ["a PNG with a changed header", flipped(png(), 19), /is damaged: the checksum of its IHDR chunk/],
  ["a PNG without pixels", png({ data: null }), /has no pixels/],
  ["a PNG with too few pixels", png({ rows: Buffer.alloc(7) }), /is cut off: pixels are missing/],
  [
    "a PNG with garbage for pixels",
    png({ data: Buffer.from("garbage!") }),
    /its pixels can't be read/,
  ],
  ["a PNG of no width", png({ width: 0 }), /has no pixels/],
  ["a PNG of an unknown colour type", png({ colour: 5 }), /its header is wrong/],
  ["a PNG without its palette", png({ colour: 3, rows: Buffer.alloc(6) }), /has no palette/],
  ["half a JPEG", jpeg.subarray(0, jpeg.length >> 1), /is cut off/],
  [
    "a JPEG without pixels",
    Buffer.concat([jpeg.subarray(0, startOfScan), Buffer.from([0xff, 0xd9])]),
    /is cut off|header is wrong/,
  ],
  [
    "a JPEG of no height",
    Buffer.concat([
      jpeg.subarray(0, startOfFrame + 5),
      Buffer.alloc(2),
      jpeg.subarray(startOfFrame + 7),
    ]),
    /has no pixels/,
  ],
  ["half a GIF", gif.subarray(0, 20), /is cut off/],
  ["a GIF whose picture is cut off", gif.subarray(0, -3), /is cut off/],
  [
    "a GIF without a picture",
    Buffer.concat([gif.subarray(0, 19), Buffer.from(";")]),
    /is cut off|header is wrong/,
  ],
  ["a WebP that is cut off", webp.subarray(0, -10), /is cut off/],
  ["a lossless WebP that is cut off", losslessWebp.subarray(0, -4), /is cut off/],
  ["a WebP with a damaged frame", flipped(webp, 23), /header is wrong/],
];

/** Images that the server decodes partially, because only their end is missing. */
export const cutOff: readonly (readonly [name: string, bytes: Buffer])[] = [
  ["a JPEG without its end", jpeg.subarray(0, -2)],
  ["a WebP whose second picture is cut off", animatedWebp.subarray(0, -8)],
];
