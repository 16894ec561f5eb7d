/** The media type of an image or a recording, if its URL shows it. */
export function mediaTypeOf(url: string): string {
  const data = /^data:([\w.+-]+\/[\w.+-]+)[;,]/i.exec(url)?.[1];
  if (data !== undefined) return data.toLowerCase();
  const extension = /\.(\w+)(?:[?#].*)?$/.exec(url)?.[1]?.toLowerCase() ?? "";
  return TYPES[extension] ?? "image/png";
}

const TYPES: Readonly<Record<string, string>> = {
  ...{ jpg: "image/jpeg", jpeg: "image/jpeg", gif: "image/gif", webp: "image/webp" },
  ...{ mp3: "audio/mpeg", wav: "audio/wav", ogg: "audio/ogg" },
};
