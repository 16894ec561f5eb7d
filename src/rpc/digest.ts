/** Text is hashed in pieces of about this length. */
const PIECE_CHARS = 16 * 1024;

export interface Digest {
  /** Equal for equal values only. */
  readonly hash: string;
  /** About the length of the value's JSON text. */
  readonly chars: number;
}

/** The digest of a value that arrived as JSON, of any depth: it isn't computed recursively. */
export function digest(value: unknown): Digest {
  // Loaded with the first server request instead of with the package: loading takes milliseconds.
  const { createHash } = process.getBuiltinModule("node:crypto");
  const hash = createHash("sha256");
  const rest: unknown[] = [value];
  let piece = "";
  let chars = 0;
  while (rest.length > 0) {
    piece += openingOf(rest.pop(), rest);
    if (piece.length < PIECE_CHARS) continue;
    hash.update(piece);
    chars += piece.length;
    piece = "";
  }
  return { hash: hash.update(piece).digest("base64"), chars: chars + piece.length };
}

/**
 * The text of a primitive. For other values, the kind and the size, and their members go to `rest`.
 */
function openingOf(value: unknown, rest: unknown[]): string {
  if (typeof value !== "object" || value === null) return `${JSON.stringify(value)},`;
  if (Array.isArray(value)) {
    for (const member of value) rest.push(member);
    return `[${value.length};`;
  }
  const entries = Object.entries(value);
  for (const entry of entries) rest.push(entry[1], entry[0]);
  return `{${entries.length};`;
}
