import { gifFault } from "./gif.ts";
import { jpegFault } from "./jpeg.ts";
import { pngFault } from "./png.ts";
import { webpFault } from "./webp.ts";

interface Format {
  readonly mediaType: string;
  readonly starts: (bytes: Buffer) => boolean;
  readonly fault: (bytes: Buffer) => string | undefined | Promise<string | undefined>;
}

/**
 * The formats that the server supports. The server only examines the content, never names or media
 * types.
 */
const FORMATS: readonly Format[] = [
  {
    mediaType: "image/png",
    starts: (bytes) => bytes.toString("latin1", 0, 8) === "\x89PNG\r\n\x1a\n",
    fault: pngFault,
  },
  {
    mediaType: "image/jpeg",
    starts: (bytes) => bytes.toString("latin1", 0, 3) === "\xff\xd8\xff",
    fault: jpegFault,
  },
  {
    mediaType: "image/gif",
    starts: (bytes) => /^GIF8[79]a/.test(bytes.toString("latin1", 0, 6)),
    fault: gifFault,
  },
  {
    mediaType: "image/webp",
    starts: (bytes) => /^RIFF.{4}WEBP/s.test(bytes.toString("latin1", 0, 12)),
    fault: webpFault,
  },
];

/** Common formats that the server doesn't support, by their first bytes. */
const OTHERS: readonly (readonly [name: string, start: RegExp])[] = [
  ["a BMP", /^BM/],
  ["a TIFF", /^(?:II\*\0|MM\0\*)/],
  ["an AVIF", /^.{4}ftyp(?:avif|avis)/s],
  ["a HEIC", /^.{4}ftyp(?:heic|heix|hevc|mif1)/s],
  ["an SVG", /^(?:\xef\xbb\xbf)?\s*<(?:svg|\?xml|!DOCTYPE svg)/i],
  ["a PDF", /^%PDF/],
];

/** The media type by content, for the formats that the server supports. */
export function imageTypeOf(bytes: Buffer): string | undefined {
  return FORMATS.find(({ starts }) => starts(bytes))?.mediaType;
}

/**
 * Why the server can't decode an image, as the end of a sentence; undefined if it seems usable. The
 * server would accept the turn, and replace the image with a note for the model.
 */
export async function imageFault(bytes: Buffer): Promise<string | undefined> {
  if (bytes.length === 0) return "is empty";
  const format = FORMATS.find(({ starts }) => starts(bytes));
  if (format) return format.fault(bytes);
  const start = bytes.toString("latin1", 0, 64);
  const [other] = OTHERS.find(([, begins]) => begins.test(start)) ?? [];
  return other === undefined
    ? "isn't a PNG, JPEG, GIF or WebP image"
    : `is ${other}, but the server supports only PNG, JPEG, GIF and WebP: convert it`;
}
