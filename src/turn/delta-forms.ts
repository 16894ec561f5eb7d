import { DeltaForm } from "./delta-line.ts";

/** So many forms are cached: as many threads can stream at a time without their forms being rebuilt. */
const MAX_FORMS = 4096;
/** How many characters of a thread's id tell it from the others: enough of what is random in it. */
const TOLD_APART = 8;
const QUOTE = 0x22;
const COLON = 0x3a;

/**
 * Finds the form of a delta's line among those of the last deltas of all threads. Compares no
 * strings but the right one: that would cost more than what is done with the delta.
 */
export class DeltaForms {
  readonly #forms = new Map<number, DeltaForm>();
  /** That of the last delta: most are of the same item as the one before, where few threads stream. */
  #last: DeltaForm | undefined;
  #isMixed = false;
  /** Where the thread's id may stand, which depends on the method alone. */
  readonly #places: number[] = [];

  /** The form of this line; undefined when it is no delta's, or none that can be read unparsed. */
  of(line: string): DeltaForm | undefined {
    const last = this.#last;
    if (last === undefined) return this.#make(line);
    if (!this.#isMixed && last.begins(line)) return last;
    const known = this.#forms.get(this.#guess(line, last.threadId.length));
    if (!known?.begins(line)) return this.#make(line);
    this.#isMixed = known !== last;
    this.#last = known;
    return known;
  }

  /** How many are kept. */
  get size(): number {
    return this.#forms.size;
  }

  #make(line: string): DeltaForm | undefined {
    const form = DeltaForm.of(line);
    if (form === undefined) return undefined;
    if (!this.#places.includes(form.threadAt)) this.#places.push(form.threadAt);
    if (this.#forms.size >= MAX_FORMS) this.#forms.clear();
    this.#forms.set(keyOf(line, form.threadAt + form.threadId.length), form);
    this.#last = form;
    return form;
  }

  /** The key of the thread that the line is about, if its id is of this length. */
  #guess(line: string, idLength: number): number {
    for (const at of this.#places) {
      if (line.charCodeAt(at - 1) === QUOTE && line.charCodeAt(at - 2) === COLON) {
        return keyOf(line, at + idLength);
      }
    }
    return -1;
  }
}

/** A number for the characters before this place. */
function keyOf(line: string, end: number): number {
  let key = 0;
  for (let at = end - TOLD_APART; at < end; at++) {
    key = (Math.imul(key, 31) + line.charCodeAt(at)) & 0x3fff_ffff;
  }
  return key;
}
