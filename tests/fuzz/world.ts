/** An item of a turn, as the server has it. */
export interface WorldItem {
  readonly id: string;
  readonly type: string;
  readonly text?: string;
  readonly phase?: string | null;
  readonly clientId?: string | undefined;
}

export type WorldStatus = "inProgress" | "completed" | "failed" | "interrupted";

/** A turn as it really went on the server, whatever the client was told of it. */
export class WorldTurn {
  readonly id: string;
  readonly threadId: string;
  /** The completed items, in order. */
  readonly items: WorldItem[] = [];
  status: WorldStatus = "inProgress";
  /** The connection that was told that the turn has started and not yet that it has ended. */
  toldActiveOn: number | undefined;

  constructor(id: string, threadId: string) {
    this.id = id;
    this.threadId = threadId;
  }

  get messages(): WorldItem[] {
    return this.items.filter(({ type }) => type === "agentMessage");
  }

  /** The answer, by the rule of the protocol's phases. */
  get text(): string {
    const last = (phase: string | null) =>
      this.messages.filter((message) => message.phase === phase).at(-1)?.text;
    return last("final_answer") ?? last(null) ?? "";
  }

  get wire(): object {
    const error = this.status === "failed" ? { message: "as the seed wants" } : null;
    return { id: this.id, status: this.status, items: [], error, startedAt: 1, completedAt: null };
  }

  get wholeWire(): object {
    return { ...this.wire, items: this.items };
  }
}

export class WorldThread {
  readonly id: string;
  readonly turns: WorldTurn[] = [];
  /** False after the server's process was started anew, until the thread is resumed. */
  loaded = true;

  constructor(id: string) {
    this.id = id;
  }

  get active(): WorldTurn | undefined {
    const last = this.turns.at(-1);
    return last?.status === "inProgress" ? last : undefined;
  }

  get wire(): object {
    const status = this.active ? { type: "active", activeFlags: [] } : { type: "idle" };
    return { id: this.id, status, turns: [] };
  }
}

/** What really is on the server: what the client says of it is measured against this. */
export class World {
  readonly threads = new Map<string, WorldThread>();
  #turns = 0;
  #items = 0;

  addThread(): WorldThread {
    const thread = new WorldThread(`thread-${this.threads.size + 1}`);
    this.threads.set(thread.id, thread);
    return thread;
  }

  addTurn(thread: WorldThread): WorldTurn {
    const turn = new WorldTurn(`turn-${++this.#turns}`, thread.id);
    thread.turns.push(turn);
    return turn;
  }

  nextItemId(): string {
    return `i${++this.#items}`;
  }

  turn(id: string): WorldTurn | undefined {
    for (const { turns } of this.threads.values()) {
      const found = turns.find((turn) => turn.id === id);
      if (found) return found;
    }
    return undefined;
  }

  /** The server's process has died: what ran is interrupted, and what was not completed is gone. */
  crash(): void {
    for (const thread of this.threads.values()) {
      if (thread.active) thread.active.status = "interrupted";
      thread.loaded = false;
    }
  }
}
