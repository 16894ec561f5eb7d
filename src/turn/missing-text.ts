import type { ItemText } from "./item-texts.ts";

/** How the server marks that it left out the middle of a command's output. */
const OMISSION = /\n\.\.\. (?:\d+ bytes omitted|command output truncated for persistence) \.\.\.\n/;
/** The same mark where only a part of what the server left out is missing. */
const OMITTED = "\n... output omitted ...\n";
/** How much of the end of the delivered output is looked for, and how much of it must be found. */
const SOUGHT = 1024;
const FOUND = 32;

/**
 * What a part's whole text has beyond what was delivered of it. Undefined when that isn't known,
 * since the whole does not go on from what was delivered.
 */
export function missingText(whole: ItemText, delivered: string): string | undefined {
  if (whole.text.startsWith(delivered)) return whole.text.slice(delivered.length);
  return whole.method === "item/commandExecution/outputDelta"
    ? missingOutput(whole.text, delivered)
    : undefined;
}

/**
 * The same for a command's output, of which the server may have sent no deltas for the beginning,
 * and of which the whole may lack the middle. A mark stands for what is nowhere to be had.
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

/** How much of the end of one text is the beginning of the other. */
function overlapOf(one: string, other: string): number {
  let length = Math.min(one.length, other.length);
  while (length > 0 && !one.endsWith(other.slice(0, length))) length--;
  return length;
}
