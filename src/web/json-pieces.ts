/** The approximate length of a piece. */
const PIECE_CHARS = 16 * 1024;

type Members = Readonly<Record<string, unknown>>;

/** An object or array of which some members have been written. */
interface Open {
  readonly source: Members;
  readonly keys: readonly string[] | undefined;
  readonly count: number;
  next: number;
}

/**
 * The text that `JSON.stringify` returns for JSON data, in pieces, so that it is never in memory as a whole.
 * Objects and arrays at `maxDepth` levels become null.
 */
export function* jsonPieces(value: unknown, maxDepth: number): Generator<string> {
  let piece = "";
  for (const token of tokens(value, maxDepth)) {
    piece += token;
    if (piece.length < PIECE_CHARS) continue;
    yield piece;
    piece = "";
  }
  if (piece !== "") yield piece;
}

/** Not recursive: the data can have any depth. */
function* tokens(value: unknown, maxDepth: number): Generator<string> {
  const path: Open[] = [];
  for (let next = value; ; ) {
    if (typeof next === "string") yield* textTokens(next);
    else if (typeof next !== "object" || next === null || path.length >= maxDepth) {
      yield scalar(next);
    } else {
      const opened = openOf(next as Members);
      yield opened.keys ? "{" : "[";
      path.push(opened);
    }
    let open = path.at(-1);
    while (open && open.next === open.count) {
      yield open.keys ? "}" : "]";
      path.pop();
      open = path.at(-1);
    }
    if (!open) return;
    const key = open.keys?.[open.next];
    if (open.next > 0) yield ",";
    if (key !== undefined) yield `${JSON.stringify(key)}:`;
    next = open.source[key ?? open.next];
    open.next++;
  }
}

function openOf(source: Members): Open {
  if (Array.isArray(source)) return { source, keys: undefined, count: source.length, next: 0 };
  const keys = Object.keys(source).filter((key) => source[key] !== undefined);
  return { source, keys, count: keys.length, next: 0 };
}

function scalar(value: unknown): string {
  return (typeof value === "object" ? undefined : JSON.stringify(value)) ?? "null";
}

function* textTokens(text: string): Generator<string> {
  if (text.length <= PIECE_CHARS) {
    yield JSON.stringify(text);
    return;
  }
  yield '"';
  for (let start = 0; start < text.length; ) {
    let end = Math.min(start + PIECE_CHARS, text.length);
    // The halves of a surrogate pair would be escaped if they were apart.
    if (/^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(end - 1, end + 1))) end++;
    yield JSON.stringify(text.slice(start, end)).slice(1, -1);
    start = end;
  }
  yield '"';
}
