import type { ItemText } from "./item-texts.ts";

/** How the server marks that it left out the middle of a command's output. */
const OMISSION = /\n\.\.\. (?:\d+ bytes omitted|command output truncated for persistence) \.\.\.\n/;
/** Marks text that neither the deltas nor the completed item contains. */
const OMITTED = "\n... output omitted ...\n";
/** How much of the end of the delivered output to search for, and how much of it must be found. */
const SOUGHT = 1024;
const FOUND = 32;

/**
 * The rest of a part's complete text after the delivered part. Undefined if the complete text
 * doesn't continue it.
 */
export function missingText(whole: ItemText, delivered: string): string | undefined {
  if (whole.text.startsWith(delivered)) return whole.text.slice(delivered.length);
  return whole.method === "item/commandExecution/outputDelta"
    ? missingOutput(whole.text, delivered)
    : undefined;
}

/**
 * The rest of a command's output. The server may not have sent deltas for its beginning, and the
 * completed item may lack its middle.
 */
function missingOutput(whole: string, delivered: string): string | undefined {
  const omission = OMISSION.exec(whole);
  const end = delivered.slice(-SOUGHT);
  const head = omission ? whole.slice(0, omission.index) : whole;
  const inHead = head.indexOf(end, delivered.length - end.length);
  if (inHead !== -1) return whole.slice(inHead + end.length);
  if (omission === null) return undefined;
  const tail = whole.slice(omission.index + omission[0].length);
  const inTail = tail.indexOf(end);
  if (inTail !== -1) return tail.slice(inTail + end.length);
  const overlap = overlapOf(end, tail);
  return overlap < FOUND ? OMITTED + tail : tail.slice(overlap);
}

/** The length of the longest suffix of one text that is a prefix of the other. */
function overlapOf(one: string, other: string): number {
  let length = Math.min(one.length, other.length);
  while (length > 0 && !one.endsWith(other.slice(0, length))) length--;
  return length;
}
