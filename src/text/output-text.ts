declare const output: unique symbol;

/** Text without anything that would control a terminal. The original can't be restored. */
export type OutputText = string & { readonly [output]: true };

const ESC = 0x1b;
const CONTROLS = /(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Removes from text everything that would move the cursor, change colours or reverse the text's
 * direction.
 *
 * For output that is only read. Text that is to be approved goes through `escapeVisible`.
 */
export function stripForOutput(text: string): OutputText {
  return stripSequences(text).replace(CONTROLS, "") as OutputText;
}

/**
 * For lines that overwrite themselves, such as progress bars, the text that a terminal would
 * finally show.
 */
export function lastStates(text: string): string {
  if (!text.includes("\r")) return text;
  return text.split("\n").map(lastState).join("\n");
}

function lastState(line: string): string {
  const end = line.endsWith("\r") ? line.length - 1 : line.length;
  return line.slice(line.slice(0, end).lastIndexOf("\r") + 1, end);
}

/** Removes the escape sequences of ECMA-48; an unfinished one doesn't hide what follows it. */
function stripSequences(text: string): string {
  let kept = "";
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code !== ESC && !(code >= 0x80 && code <= 0x9f)) continue;
    kept += text.slice(from, at);
    from = sequenceEnd(text, at);
    at = from - 1;
  }
  return from === 0 ? text : kept + text.slice(from);
}

function sequenceEnd(text: string, start: number): number {
  // ESC and a capital are the 7-bit form of the controls from 0x80 on.
  const isEscape = text.charCodeAt(start) === ESC;
  const kind = isEscape ? text.charCodeAt(start + 1) + 0x40 : text.charCodeAt(start);
  const body = start + (isEscape ? 2 : 1);
  switch (kind) {
    case 0x9b:
      return finalByte(text, skip(text, body, 0x20, 0x3f), 0x40);
    case 0x90:
    case 0x98:
    case 0x9d:
    case 0x9e:
    case 0x9f:
      return stringEnd(text, body);
    default:
      return isEscape ? finalByte(text, skip(text, start + 1, 0x20, 0x2f), 0x30) : body;
  }
}

function finalByte(text: string, at: number, first: number): number {
  const code = text.charCodeAt(at);
  return code >= first && code <= 0x7e ? at + 1 : at;
}

function stringEnd(text: string, body: number): number {
  let at = body;
  while (at < text.length && !isControl(text.charCodeAt(at))) at++;
  const code = text.charCodeAt(at);
  if (code === 0x07 || code === 0x9c) return at + 1;
  return code === ESC && text[at + 1] === "\\" ? at + 2 : body;
}

function skip(text: string, from: number, first: number, last: number): number {
  let at = from;
  while (text.charCodeAt(at) >= first && text.charCodeAt(at) <= last) at++;
  return at;
}

function isControl(code: number): boolean {
  return code < 0x20 || (code >= 0x7f && code <= 0x9f);
}
