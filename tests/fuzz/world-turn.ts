export type WorldStatus = "inProgress" | "completed" | "failed" | "interrupted";

/** What started a turn, or what it does. */
export type TurnKind = "message" | "queue" | "goal" | "child" | "shell" | "compaction" | "review";

/** An item of a turn on the server. */
export interface WorldItem {
  readonly id: string;
  readonly type: string;
  readonly phase?: string | null;
  /** The text of a user's message. */
  readonly said?: string | undefined;
  /** The text of an agent's message so far. */
  text: string;
  /** As the server sends it. */
  wire: { readonly id: string; readonly type: string };
  completedAt: number | undefined;
  /** Whether it was completed after its turn had ended. */
  isLate: boolean;
}

export interface WorldTurnOptions {
  readonly kind: TurnKind;
  /** The connection whose request started it; undefined: another client, or the server itself. */
  readonly line: number | undefined;
  /** Whether another client started it that can answer its requests. */
  readonly isOthers?: boolean;
  readonly process: number;
  readonly at: number;
}

/** The text of an item, or of one part of it, that is sent in deltas. */
export interface Channel {
  readonly itemId: string;
  /** The final text of the item. */
  whole: string;
  /** The text that was sent in deltas: less for a command that wrote before it was announced. */
  sent: string;
  /** The length of `sent` at each time when a client could read it. */
  readonly marks: { readonly length: number; readonly at: number }[];
}

/** A message that was steered into a turn and that the model hasn't seen yet. */
export interface Steered {
  readonly clientId: string | undefined;
  readonly text: string;
}

/** A turn as it really happened on the server, whatever the client has received. */
/** How long the server takes to count the thread of a new turn as active. */
const STARTING_MS = 30;

export class WorldTurn {
  readonly id: string;
  readonly threadId: string;
  readonly kind: TurnKind;
  readonly line: number | undefined;
  readonly process: number;
  readonly startedAt: number;
  readonly isOthers: boolean;
  /** The id in `turn/started`, which for a review isn't the id in its items and its end. */
  startedId: string;
  status: WorldStatus = "inProgress";
  endedAt: number | undefined;
  /** Whether its start has been reported. */
  hasBegun = false;
  /** Whether its end is being reported. */
  isEnding = false;
  crashed = false;
  /** The turn that started it, if it is a sub-agent's. */
  parentTurn: WorldTurn | undefined;
  /** Called when it has ended. */
  onEnd: (() => void) | undefined;
  /** Items in the order in which they were started. */
  readonly items: WorldItem[] = [];
  /** Items in the order in which they were completed. */
  readonly completed: WorldItem[] = [];
  /** By item, method and part; see `channelKey`. */
  readonly channels = new Map<string, Channel>();
  /** Running commands, each with what happens when it ends. */
  readonly running = new Map<WorldItem, () => void>();
  readonly pending: Steered[] = [];
  /** The texts of the messages that the model has answered. */
  readonly answered = new Set<string>();
  /** When the process that ran it last stored anything. */
  #writtenBy = Number.POSITIVE_INFINITY;

  constructor(id: string, threadId: string, options: WorldTurnOptions) {
    this.id = id;
    this.threadId = threadId;
    this.startedId = id;
    this.kind = options.kind;
    this.line = options.line;
    this.process = options.process;
    this.startedAt = options.at;
    this.isOthers = options.isOthers === true;
  }

  get isActive(): boolean {
    return this.status === "inProgress";
  }

  /** Whether a message can be steered into it. */
  get takesMessages(): boolean {
    return this.kind !== "compaction" && this.kind !== "review";
  }

  /** The items that were completed before the turn ended: a result has at least these. */
  get ownItems(): WorldItem[] {
    return this.completed.filter(({ isLate }) => !isLate);
  }

  /** The items that weren't completed when it ended. */
  get unfinished(): WorldItem[] {
    return this.items.filter(({ completedAt, isLate }) => completedAt === undefined || isLate);
  }

  /** Whether one of its commands is still running. */
  get works(): boolean {
    return !this.crashed && this.running.size > 0;
  }

  /** The answer, according to the protocol's phases. */
  get text(): string {
    return finalText(this.ownItems);
  }

  /** The same, including a message that was cut off in the middle. */
  get textSoFar(): string {
    return finalText(this.items);
  }

  /** The model receives everything that users have said in the turn. */
  asked(): void {
    for (const { said } of this.items) if (said !== undefined) this.answered.add(said);
  }

  complete(item: WorldItem, at: number): void {
    item.completedAt = at;
    item.isLate = !this.isActive;
    this.completed.push(item);
  }

  end(status: WorldStatus, at: number): void {
    this.status = status;
    this.endedAt = at;
  }

  /** The process that runs it has died, and had stored everything up to then. */
  crash(at: number, writtenBy: number): void {
    this.#writtenBy = Math.min(this.#writtenBy, writtenBy);
    const isWritten = this.endedAt !== undefined && this.endedAt <= writtenBy;
    if (isWritten && !this.works) return;
    this.crashed = true;
    if (this.isActive) this.end("interrupted", at);
  }

  /** Whether anything of it had been stored by then. */
  isWritten(by: number): boolean {
    const endedAt = this.endedAt ?? Number.POSITIVE_INFINITY;
    return endedAt <= Math.min(by, this.#writtenBy) || this.#written(by).length > 0;
  }

  get wire(): object {
    const error = this.status === "failed" ? { message: "as the seed wants" } : null;
    const { id, status } = this;
    const completedAt = this.endedAt === undefined ? null : 2;
    return { id, status, items: [], error, startedAt: 1, completedAt };
  }

  /** The turn as it had been stored by then. */
  listed(by: number): object {
    const items = this.#written(by);
    const endedAt = this.endedAt ?? Number.POSITIVE_INFINITY;
    // A turn without a stored end counts as interrupted if it doesn't run any more, or not yet.
    const isOpen = endedAt > Math.min(by, this.#writtenBy);
    const isIdle = !this.isActive || by < this.startedAt + STARTING_MS;
    const status = isIdle ? "interrupted" : "inProgress";
    const open = isOpen ? { status, error: null, completedAt: null } : {};
    return { ...this.wire, ...open, items: items.map(({ wire }) => wire) };
  }

  #written(by: number): WorldItem[] {
    const latest = Math.min(by, this.#writtenBy);
    return this.completed.filter(({ completedAt = 0 }) => completedAt <= latest);
  }
}

/** Distinguishes the channels of a turn. */
export function channelKey(
  method: string,
  params: { itemId?: unknown; summaryIndex?: unknown; contentIndex?: unknown },
): string {
  return `${params.itemId} ${method} ${params.summaryIndex ?? params.contentIndex ?? ""}`;
}

function finalText(items: readonly WorldItem[]): string {
  const messages = items.filter(({ type }) => type === "agentMessage");
  const last = (phase: string | null) =>
    messages.filter((message) => message.phase === phase).at(-1)?.text;
  return last("final_answer") ?? last(null) ?? "";
}
