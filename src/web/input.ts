import type { InputItem } from "../input/input.ts";
import { isRecord } from "../util/describe.ts";
import { badRequest, HttpError } from "./errors.ts";

/**
 * The maximum size of the text in an input. The server lists each thread with the whole text of its
 * first message, up to 100 threads in one response, and a response of more than 256 MiB would end
 * the connection.
 */
const MAX_TEXT_BYTES = 2 * 2 ** 20;

/**
 * The input that a page has sent. Parts that name files on the server's machine aren't accepted, because
 * a page could read any file through them.
 * @throws HttpError for anything but a string, or a list of strings and images, or for too much text.
 */
export function inputOf(input: unknown): string | readonly InputItem[] {
  const parts = partsOf(input);
  const texts = typeof parts === "string" ? parts : parts.filter(({ type }) => type === "text");
  if (Buffer.byteLength(JSON.stringify(texts)) <= MAX_TEXT_BYTES) return parts;
  const message = `The input's text is longer than ${MAX_TEXT_BYTES} bytes as JSON`;
  throw new HttpError(413, "TEXT_TOO_LARGE", message);
}

function partsOf(input: unknown): string | readonly InputItem[] {
  if (typeof input === "string") return input;
  if (!Array.isArray(input)) throw badRequest("The input must be a string, or a list of parts");
  return input.map(partOf);
}

function partOf(part: unknown): InputItem {
  if (isRecord(part)) {
    const { type, text, url } = part;
    if (type === "text" && typeof text === "string") return { type, text };
    if (type === "image" && typeof url === "string" && /^data:image\//i.test(url)) {
      return { type, url };
    }
  }
  throw badRequest(
    'A part of the input must be { type: "text", text } or { type: "image", url } with a data: URL',
  );
}
