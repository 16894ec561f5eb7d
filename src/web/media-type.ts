/** The media type of an image or audio file, if its URL shows it. */
export function mediaTypeOf(url: string): string {
  const data = /^data:([\w.+-]+\/[\w.+-]+)[;,]/i.exec(url)?.[1];
  if (data !== undefined) return data.toLowerCase();
  // Not a single regular expression, which would take quadratic time.
  const [path = ""] = url.split(/[?#]/, 1);
  const extension = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  return TYPES.get(extension) ?? "image/png";
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ["jpg", "image/jpeg"],
  ["jpeg", "image/jpeg"],
  ["gif", "image/gif"],
  ["webp", "image/webp"],
  ["mp3", "audio/mpeg"],
  ["wav", "audio/wav"],
  ["ogg", "audio/ogg"],
]);
