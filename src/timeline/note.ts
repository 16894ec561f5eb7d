import type { Entry, EntryBase, EntryState } from "./entries.ts";
import type { TurnEntry } from "./turn-entry.ts";

type Fields<E> = E extends Entry ? Omit<E, keyof EntryBase> : never;

/** The content of a note: an entry's members except the ones that all entries have. */
export type NoteFields = Fields<Entry>;

export interface NoteContent {
  readonly fields: NoteFields;
  readonly state: EntryState;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

/**
 * An entry that isn't an item of the server: it comes from notifications, and isn't in the history.
 */
export class Note implements TurnEntry {
  readonly id: string;
  readonly begun: number;
  readonly startedAt: number | null;
  ended: number;
  #content: NoteContent;
  #wasOver = false;
  #view: Entry | undefined;

  constructor(id: string, content: NoteContent, begun: number) {
    this.id = id;
    this.begun = begun;
    this.ended = begun;
    this.startedAt = content.startedAt;
    this.#content = content;
  }

  get content(): NoteContent {
    return this.#content;
  }

  set content(content: NoteContent) {
    this.#content = content;
    this.#view = undefined;
  }

  isShown(): boolean {
    return true;
  }

  view(turnIsOver: boolean): Entry {
    if (this.#view && this.#wasOver === turnIsOver) return this.#view;
    this.#wasOver = turnIsOver;
    const { fields, state, endedAt } = this.#content;
    const isCut = turnIsOver && state === "running";
    const base: EntryBase = {
      id: this.id,
      state: isCut ? "interrupted" : state,
      startedAt: this.startedAt,
      endedAt,
      incomplete: false,
    };
    const { kind, ...rest } = fields;
    this.#view = { kind, ...base, ...rest } as Entry;
    return this.#view;
  }
}
