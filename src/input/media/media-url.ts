import { audioFault } from "./audio.ts";
import { imageFault } from "./image.ts";

/**
 * What keeps the server from using the URL of an image or of audio, as words that follow the URL's
 * name; undefined when nothing seems to. It reads `data:` URLs in base64, with padding and without
 * white space. For an image by http it has an error of its own, which is as clear.
 */
export async function mediaUrlFault(
  kind: "image" | "audio",
  url: string,
): Promise<string | undefined> {
  if (kind === "image" && /^https?:\/\//i.test(url)) return undefined;
  const comma = url.indexOf(",");
  const [scheme, ...parameters] = url.slice(0, Math.max(comma, 0)).toLowerCase().split(/[:;]/);
  if (scheme !== "data" || parameters.at(-1) !== "base64") {
    return `must be a data: URL in base64, got ${JSON.stringify(url.slice(0, 60))}`;
  }
  const text = url.slice(comma + 1);
  const bytes = Buffer.from(text, "base64");
  // Node ignores what is not base64, and the server does not.
  if (bytes.toString("base64") !== text) {
    return 'is not valid base64: it must be padded with "=", and have no line breaks or spaces';
  }
  const [mediaType = ""] = parameters;
  const fault = kind === "image" ? await imageFault(bytes) : audioFault(bytes, mediaType);
  return fault === undefined ? undefined : `has content that ${fault}`;
}
