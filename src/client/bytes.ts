import { describe } from "../util/describe.ts";

/**
 * The bytes to write; a string is encoded as UTF-8.
 * @throws TypeError for anything else: converting another typed array to bytes would change its values.
 */
export function bytesOf(subject: string, content: unknown): Buffer {
  if (typeof content === "string") return Buffer.from(content);
  if (content instanceof Uint8Array) {
    return Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  }
  throw new TypeError(
    `${subject}: the content must be a string or a Uint8Array, not ${describe(content)}`,
  );
}
