import type { BoundedText } from "./entries.ts";

const HEAD = 16 * 1024;
const TAIL = 48 * 1024;

/** The text, or only its beginning and end if it is long. */
export function bounded(text: string): BoundedText {
  const output = new GrowingOutput();
  output.append(text);
  return output.view;
}

/** Text that can grow without limit. Only its beginning and end are kept. */
export class GrowingOutput {
  #head = "";
  /** The text after the head. Old pieces that are no longer part of the tail are dropped. */
  #pieces: string[] = [];
  #first = 0;
  #kept = 0;
  #length = 0;

  append(text: string): void {
    this.#length += text.length;
    const room = HEAD - this.#head.length;
    this.#head += room > 0 ? text.slice(0, room) : "";
    const rest = room > 0 ? text.slice(room) : text;
    if (rest === "") return;
    this.#pieces.push(rest);
    this.#kept += rest.length;
    this.#shed();
  }

  get view(): BoundedText {
    const kept = this.#pieces.slice(this.#first).join("");
    if (this.#length <= HEAD + TAIL) return { head: this.#head + kept, omitted: 0, tail: "" };
    const head = detached(withoutHalf(this.#head));
    const tail = detached(kept.slice(startOfCharacter(kept, kept.length - TAIL)));
    return { head, omitted: this.#length - head.length - tail.length, tail };
  }

  #shed(): void {
    let oldest = this.#pieces[this.#first] ?? "";
    while (this.#kept - oldest.length > TAIL) {
      this.#kept -= oldest.length;
      this.#pieces[this.#first++] = "";
      oldest = this.#pieces[this.#first] ?? "";
    }
    if (this.#first < this.#pieces.length / 2) return;
    this.#pieces = this.#pieces.slice(this.#first);
    this.#first = 0;
  }
}

/** A copy of the text. A substring would keep the larger string in memory. */
function detached(text: string): string {
  return ` ${text}`.slice(1);
}

/** The text without half a character at its end: characters beyond the first plane take two code units. */
function withoutHalf(text: string): string {
  return isFirstHalf(text.charCodeAt(text.length - 1)) ? text.slice(0, -1) : text;
}

function startOfCharacter(text: string, at: number): number {
  return at > 0 && isFirstHalf(text.charCodeAt(at - 1)) ? at + 1 : at;
}

function isFirstHalf(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
