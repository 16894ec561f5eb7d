import type { Notification, ThreadItem } from "../index.ts";
import type { Entry, TurnView } from "../timeline/index.ts";
import { ThreadModel } from "../timeline/thread-model.ts";
import { entryActivity, entryEnd, entryStart } from "./entries.ts";
import { outputLine, outputText, type Paint, type Shown, show } from "./text.ts";
import { turnEnd } from "./turn-end.ts";

/** A piece of the output. */
export interface Piece {
  /** `answer` for the assistant's text, `log` for what it does. */
  readonly to: "answer" | "log";
  readonly text: Shown;
  /** Whether it starts a new paragraph. */
  readonly block: boolean;
  /** Whether its lines must not be broken, even if they are longer than a row of the terminal. */
  readonly isPreformatted?: boolean;
}

/** The ids that replace those of notifications: all of them are about one turn, even if their ids differ, as in a review. */
const TURN = { threadId: "thread", turnId: "turn" } as const;
/**
 * Notifications whose content the end of the entry shows completely, or that aren't about the turn.
 */
const NOT_SHOWN =
  /^(?:item\/(?:plan|reasoning|commandExecution|fileChange)\/(?:\w*[dD]elta|patchUpdated)|thread\/(?!tokenUsage\/).*)$/;

/** Converts the notifications of one turn to text. Doesn't depend on streams or terminals. */
export class Transcript {
  readonly #cwd: string;
  readonly #paint: Paint;
  /** Without sub-agents, which aren't shown. */
  readonly #thread = new ThreadModel(TURN.threadId, () => {});
  /** The turn's entries as last drawn, in order and by their ids. */
  #entries: readonly Entry[] = [];
  readonly #drawn = new Map<string, Entry>();
  /** Entries whose start was shown. */
  readonly #begun = new Set<string>();
  /** How many characters of each message were streamed. */
  readonly #streamed = new Map<string, number>();
  /** The entry that the last paragraph belongs to. */
  #open: string | undefined;

  constructor(cwd: string, paint: Paint) {
    this.#cwd = cwd;
    this.#paint = paint;
    this.#apply("turn/started", { turn: { status: "inProgress" } });
  }

  /** A few words about what the agent is doing. */
  get activity(): Shown {
    const running = this.#turn.entries.findLast(({ state }) => state === "running");
    return running ? entryActivity(running) : show`Working`;
  }

  accept({ method, params }: Notification): Piece[] {
    if (method === "item/agentMessage/delta") return this.#stream(params.itemId, params.delta);
    if (NOT_SHOWN.test(method)) return [];
    this.#apply(method, params);
    const pieces = this.#draw();
    if (method !== "turn/completed") return pieces;
    return [...pieces, ...this.#paragraph(undefined, turnEnd(this.#turn, this.#paint))];
  }

  /**
   * Shows what an item does, unless it was already shown: an approval may arrive before its item is
   * read.
   */
  begin(item: ThreadItem): Piece[] {
    this.#apply("item/started", { item });
    return this.#draw();
  }

  #apply(method: string, params: object): void {
    const { turn } = params as { readonly turn?: object };
    const about = turn ? { ...TURN, turn: { ...turn, id: TURN.turnId, rootTurnId: null } } : TURN;
    this.#thread.apply(method, { ...params, ...about }, null);
  }

  get #turn(): TurnView {
    const [turn] = this.#thread.view([]).turns;
    if (turn) return turn;
    throw new Error("the constructor starts the turn");
  }

  /** Shows the entries that have changed. */
  #draw(): Piece[] {
    const before = this.#entries;
    this.#entries = this.#turn.entries;
    // Most are the same objects in the same places.
    const moved = this.#entries.filter((entry, place) => entry !== before[place]);
    return moved.flatMap((entry) => {
      const drawn = this.#drawn.get(entry.id);
      if (drawn === entry) return [];
      this.#drawn.set(entry.id, entry);
      return this.#show(entry, drawn);
    });
  }

  #show(entry: Entry, before: Entry | undefined): Piece[] {
    // An item that was cut off by the end of the turn has no outcome.
    if (entry.state === "interrupted") return [];
    if (entry.state === "running") return this.#begin(entry);
    // Only the steps of a plan change after the item has ended.
    const isAgain = before !== undefined && before.state !== "running";
    return isAgain && entry.kind !== "plan" ? [] : this.#end(entry);
  }

  #begin(entry: Entry): Piece[] {
    if (entry.kind === "error") return this.#retry(entry.message, entry.details);
    if (this.#begun.has(entry.id)) return [];
    const text = entryStart(entry, this.#cwd, this.#paint);
    if (text === undefined) return [];
    this.#begun.add(entry.id);
    return this.#paragraph(entry.id, text).map((piece) => ({
      ...piece,
      // A wrapped diff line would look like two lines.
      ...(entry.kind === "fileChange" ? { isPreformatted: true } : {}),
    }));
  }

  #end(entry: Entry): Piece[] {
    // The end of the turn shows why it failed.
    if (entry.kind === "error") return [];
    if (entry.kind === "assistant") return this.#endMessage(entry.id, entry.text);
    const start = this.#begin(entry);
    const end = entryEnd(entry, this.#paint);
    if (end === undefined) return start;
    if (this.#open === entry.id) return [...start, { to: "log", text: end, block: false }];
    const header = entryStart(entry, this.#cwd, this.#paint)?.split("\n", 1)[0] as
      | Shown
      | undefined;
    const id = entry.kind === "plan" ? undefined : entry.id;
    return this.#paragraph(id, header === undefined ? end : show`${header}\n${end}`);
  }

  #stream(id: string, delta: string): Piece[] {
    const shown = this.#streamed.get(id) ?? 0;
    this.#streamed.set(id, shown + delta.length);
    const block = this.#open !== id;
    this.#open = id;
    return [{ to: "answer", text: outputText(delta), block }];
  }

  /** Shows the text that wasn't streamed: the server sends short messages without deltas. */
  #endMessage(id: string, text: string): Piece[] {
    const rest = text.slice(this.#streamed.get(id) ?? 0);
    this.#streamed.delete(id);
    if (text === "") return [];
    const pieces = rest === "" ? [] : this.#stream(id, rest);
    return text.endsWith("\n")
      ? pieces
      : [...pieces, { to: "answer", text: show`\n`, block: false }];
  }

  #paragraph(id: string | undefined, text: Shown): Piece[] {
    this.#open = id;
    return [{ to: "log", text, block: true }];
  }

  #retry(message: string, details: string | null): Piece[] {
    const words = details === null ? message : `${message} (${details})`;
    return this.#paragraph(undefined, show`${this.#paint("yellow", outputLine(words))}\n`);
  }
}
