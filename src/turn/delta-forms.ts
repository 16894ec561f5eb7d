import { DeltaForm } from "./delta-line.ts";

/**
 * The number of cached forms: this many threads can stream at a time without rebuilding their
 * forms.
 */
const MAX_FORMS = 4096;
/**
 * The number of random characters at the end of a thread's id by which threads are distinguished.
 */
const COMPARED = 8;
const QUOTE = 0x22;
const COLON = 0x3a;

/**
 * Finds the form of a delta's line among the forms of the latest deltas of all threads. Looks it up
 * by a number, because a map with string keys would cost more than the rest of the work on the
 * delta.
 */
export class DeltaForms {
  readonly #forms = new Map<number, DeltaForm>();
  /** The form of the last delta: while few threads stream, most deltas belong to the same item as the one before. */
  #last: DeltaForm | undefined;
  #isMixed = false;
  /** Where the thread's id can start, which only depends on the method. */
  readonly #places: number[] = [];

  /** The form of this line; undefined unless it is a delta that can be read without parsing. */
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

  /** The number of cached forms. */
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

  /** The key of the thread that the line belongs to, if the thread's id has this length. */
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
  for (let at = end - COMPARED; at < end; at++) {
    key = (Math.imul(key, 31) + line.charCodeAt(at)) & 0x3fff_ffff;
  }
  return key;
}
