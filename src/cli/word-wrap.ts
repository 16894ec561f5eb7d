import type { Shown } from "./text.ts";

/** A stream whose lines have a width, if it is a terminal. */
export interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** A style, which has no width. */
const STYLE = /(?!\n)\p{Cc}\[[\d;]*m/gu;
/** Styles, line ends, runs of spaces, and words. */
const PARTS = new RegExp(`${STYLE.source}|\\n| +|[^\\p{Cc} ]+|\\p{Cc}`, "gu");
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const NO_WIDTH = /^[\p{M}\u200b-\u200d\ufeff]$/u;

/**
 * Breaks the lines of streamed text between words, where a terminal would break them within a
 * word. Continuation rows have the line's indentation. A word is only returned when it is complete;
 * the terminal breaks words that are longer than a row.
 */
export class WordWrap {
  readonly #screen: Screen;
  /** How many cells of the row are used. */
  #used = 0;
  #indent = "";
  /** Spaces before the word, and the word so far. */
  #spaces = "";
  #word = "";

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  add(text: Shown): Shown {
    if (!this.#screen.isTTY) return text;
    let ready = "";
    for (const [part] of text.matchAll(PARTS)) {
      if (part === "\n") {
        ready += `${this.flush()}\n`;
        this.#used = 0;
        this.#indent = "";
      } else if (part.startsWith(" ")) {
        if (this.#word !== "") ready += this.flush();
        if (this.#used === 0) this.#indent += part;
        this.#spaces += part;
      } else {
        this.#word += part;
      }
    }
    return ready as Shown;
  }

  /** The word that hasn't been returned yet. */
  flush(): Shown {
    const columns = this.#screen.columns || 80;
    const needed = cells(this.#word);
    const isFirst = this.#used === 0 || needed === 0;
    const fits = this.#used + this.#spaces.length + needed <= columns;
    // An indentation that leaves no room for the word is cut.
    const indent =
      this.#indent.length + needed <= columns ? this.#indent : this.#indent.slice(0, 2);
    const before = isFirst && !fits ? indent : this.#spaces;
    const ready = isFirst || fits ? before + this.#word : `\n${indent}${this.#word}`;
    const used = (isFirst || fits ? this.#used + before.length : indent.length) + needed;
    this.#used = used > columns ? used % columns : used;
    this.#spaces = "";
    this.#word = "";
    return ready as Shown;
  }
}

/** Complete text, wrapped to the width of a screen. */
export function wrapped(text: Shown, screen: Screen): Shown {
  const wrap = new WordWrap(screen);
  return `${wrap.add(text)}${wrap.flush()}` as Shown;
}

/** The width of text on a terminal. */
function cells(text: string): number {
  let sum = 0;
  for (const character of text.replaceAll(STYLE, "")) {
    if (NO_WIDTH.test(character)) continue;
    sum += WIDE.test(character) ? 2 : 1;
  }
  return sum;
}
