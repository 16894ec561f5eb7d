import type { InputItem } from "../input/input.ts";
import { isRecord } from "../util/describe.ts";
import { badRequest } from "./errors.ts";

/**
 * The input that a page has sent. Parts that name files on the server's machine aren't accepted, because
 * a page could read any file through them.
 * @throws HttpError for anything but a string, or a list of strings and images.
 */
export function inputOf(input: unknown): string | readonly InputItem[] {
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
