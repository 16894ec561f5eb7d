export type ImageType = "image/png" | "image/jpeg" | "image/gif" | "image/webp";

/**
 * The formats that the server supports. The server only examines the content, never names or media
 * types.
 */
const STARTS: Readonly<Record<ImageType, (bytes: Buffer) => boolean>> = {
  "image/png": (bytes) => bytes.toString("latin1", 0, 8) === "\x89PNG\r\n\x1a\n",
  "image/jpeg": (bytes) => bytes.toString("latin1", 0, 3) === "\xff\xd8\xff",
  "image/gif": (bytes) => /^GIF8[79]a/.test(bytes.toString("latin1", 0, 6)),
  "image/webp": (bytes) => /^RIFF.{4}WEBP/s.test(bytes.toString("latin1", 0, 12)),
};

/** The media type by content, for the formats that the server supports. */
export function imageTypeOf(bytes: Buffer): ImageType | undefined {
  const types = Object.keys(STARTS) as ImageType[];
  return types.find((type) => STARTS[type](bytes));
}
