import { audioFault } from "./audio.ts";
import { imageFault } from "./image.ts";

/**
 * Why the server can't use the URL of an image or of audio, as the part of a sentence after its
 * name; undefined if the URL seems usable. The server supports base64 `data:` URLs, with padding and
 * without white space. For http URLs of images, it returns a clear error of its own.
 */
export async function mediaUrlFault(
  kind: "image" | "audio",
  url: string,
): Promise<string | undefined> {
  if (kind === "image" && /^https?:\/\//i.test(url)) return undefined;
  const comma = url.indexOf(",");
  const [scheme, ...parameters] = url.slice(0, Math.max(comma, 0)).toLowerCase().split(/[:;]/);
  if (scheme !== "data" || parameters.at(-1) !== "base64") {
    return `must be a base64 data: URL, got ${JSON.stringify(url.slice(0, 60))}`;
  }
  const text = url.slice(comma + 1);
  const bytes = Buffer.from(text, "base64");
  // Node ignores characters that aren't base64; the server doesn't.
  if (bytes.toString("base64") !== text) {
    return `isn't valid base64: it must be padded with "=" and contain no line breaks or spaces`;
  }
  const [mediaType = ""] = parameters;
  const fault = kind === "image" ? await imageFault(bytes) : audioFault(bytes, mediaType);
  return fault === undefined ? undefined : `has content that ${fault}`;
}
