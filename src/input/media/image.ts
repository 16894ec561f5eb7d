import { gifFault } from "./gif.ts";
import { type ImageType, imageTypeOf } from "./image-type.ts";
import { jpegFault } from "./jpeg.ts";
import { pngFault } from "./png.ts";
import { webpFault } from "./webp.ts";

type Fault = (bytes: Buffer) => string | undefined | Promise<string | undefined>;

const FAULTS: Readonly<Record<ImageType, Fault>> = {
  "image/png": pngFault,
  "image/jpeg": jpegFault,
  "image/gif": gifFault,
  "image/webp": webpFault,
};

/** Common formats that the server doesn't support, by their first bytes. */
const OTHERS: readonly (readonly [name: string, start: RegExp])[] = [
  ["a BMP", /^BM/],
  ["a TIFF", /^(?:II\*\0|MM\0\*)/],
  ["an AVIF", /^.{4}ftyp(?:avif|avis)/s],
  ["a HEIC", /^.{4}ftyp(?:heic|heix|hevc|mif1)/s],
  ["an SVG", /^(?:\xef\xbb\xbf)?\s*<(?:svg|\?xml|!DOCTYPE svg)/i],
  ["a PDF", /^%PDF/],
];

/**
 * Why the server can't decode an image, as the end of a sentence; undefined if it seems usable. The
 * server would accept the turn, and replace the image with a note for the model.
 */
export async function imageFault(bytes: Buffer): Promise<string | undefined> {
  if (bytes.length === 0) return "is empty";
  const type = imageTypeOf(bytes);
  if (type) return FAULTS[type](bytes);
  const start = bytes.toString("latin1", 0, 64);
  const [other] = OTHERS.find(([, begins]) => begins.test(start)) ?? [];
  return other === undefined
    ? "isn't a PNG, JPEG, GIF or WebP image"
    : `is ${other}, but the server supports only PNG, JPEG, GIF and WebP: convert it`;
}
