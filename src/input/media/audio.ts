interface Format {
  readonly extension: string;
  readonly mediaTypes: readonly string[];
  /** Whether content, as Latin-1, starts like this format. */
  readonly fits: (start: string) => boolean;
}

const FORMATS: readonly Format[] = [
  {
    extension: "wav",
    mediaTypes: ["audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"],
    fits: (start) => start.startsWith("RIFF") && start.startsWith("WAVE", 8),
  },
  {
    extension: "mp3",
    mediaTypes: ["audio/mpeg", "audio/mp3"], // There can be some padding before a frame.
    fits: (start) => /ID3|\xff[\xe0-\xff]/.test(start),
  },
  {
    extension: "m4a",
    mediaTypes: ["audio/mp4", "audio/m4a", "audio/x-m4a"],
    fits: (start) => start.startsWith("ftyp", 4),
  },
  {
    extension: "webm",
    mediaTypes: ["audio/webm"],
    fits: (start) => start.startsWith("\x1aE\xdf\xa3"),
  },
  { extension: "ogg", mediaTypes: ["audio/ogg"], fits: (start) => start.startsWith("OggS") },
];

const KNOWN = "the server supports wav, mp3, m4a, webm and ogg";

/**
 * Why the server can't use the audio, as the end of a sentence; undefined if it seems usable.
 *
 * @param named the extension of its file, without the dot, or its media type.
 */
export function audioFault(bytes: Buffer, named: string): string | undefined {
  const name = named.toLowerCase();
  const format = FORMATS.find(({ extension, mediaTypes }) => {
    return extension === name || mediaTypes.includes(name);
  });
  if (format === undefined) return `has the type ${JSON.stringify(named)}, but ${KNOWN}`;
  if (bytes.length === 0) return "is empty";
  if (format.fits(bytes.toString("latin1", 0, 4_096))) return undefined;
  return `isn't valid ${format.extension} audio`;
}
