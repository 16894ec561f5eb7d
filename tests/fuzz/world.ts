import { WorldTurn, type WorldTurnOptions } from "./world-turn.ts";

/** A message in the server's own queue. */
export interface Queued {
  readonly clientId: string | undefined;
  readonly text: string;
  /** The connection that queued it; undefined: another client. */
  readonly line: number | undefined;
}

export class WorldThread {
  readonly id: string;
  readonly ephemeral: boolean;
  readonly parentId: string | undefined;
  /** Whether it was started with the tools of the client. */
  readonly hasTools: boolean;
  /** The delay with which history is stored, in milliseconds. */
  readonly lagMs: number;
  readonly turns: WorldTurn[] = [];
  readonly queue: Queued[] = [];
  /** The parent's item that announces this sub-agent. */
  activityId: string | undefined;
  /**
   * Whether the last turn was a review: until the next one has started, `thread/resume` reports the
   * thread as active.
   */
  isHaunted = false;
  /** Whether an interruption has stopped the queue and the goal, until the next turn ends. */
  isPaused = false;
  /** The state of the thread's goal, if it has one. */
  goal: "active" | "paused" | "complete" | undefined;
  /** How many more turns the server starts for the thread's goal. */
  goalTurns = 0;
  /** Whether its start was answered, so that other clients may know of it. */
  isShared = false;
  /** False after a restart of the server's process, until the thread is resumed. */
  loaded = true;
  /** Whether it ended with its process. */
  gone = false;

  constructor(
    id: string,
    options: Pick<WorldThread, "ephemeral" | "parentId" | "hasTools" | "lagMs">,
  ) {
    this.id = id;
    this.ephemeral = options.ephemeral;
    this.parentId = options.parentId;
    this.hasTools = options.hasTools;
    this.lagMs = options.lagMs;
  }

  get active(): WorldTurn | undefined {
    const last = this.turns.at(-1);
    return last?.isActive ? last : undefined;
  }

  get status(): object {
    if (this.active) return { type: "active", activeFlags: [] };
    return { type: this.turns.at(-1)?.status === "failed" ? "systemError" : "idle" };
  }

  get wire(): object {
    const { id, ephemeral, parentId = null, status } = this;
    return { id, ephemeral, parentThreadId: parentId, status, turns: [] };
  }

  /** The thread as in the answer to `thread/resume`. */
  get resumedWire(): object {
    const status = { type: "active", activeFlags: [] };
    return this.isHaunted ? { ...this.wire, status } : this.wire;
  }

  /** The stored turns, oldest first. */
  written(now: number): WorldTurn[] {
    if (this.ephemeral) return [];
    return this.turns.filter((turn) => turn.isWritten(now - this.lagMs));
  }

  listed(now: number): object[] {
    return this.written(now).map((turn) => turn.listed(now - this.lagMs));
  }
}

/** The actual state of the server, with which the client's reports are compared. */
export class World {
  readonly threads = new Map<string, WorldThread>();
  /** Counts the server's processes, from 1. */
  process = 1;
  #turns = 0;
  #items = 0;

  addThread(
    options: Partial<Pick<WorldThread, "ephemeral" | "parentId" | "hasTools" | "lagMs">> = {},
  ): WorldThread {
    const { ephemeral = false, parentId, hasTools = false, lagMs = 0 } = options;
    const id = `thread-${this.threads.size + 1}`;
    const thread = new WorldThread(id, { ephemeral, parentId, hasTools, lagMs });
    this.threads.set(id, thread);
    return thread;
  }

  addTurn(thread: WorldThread, options: Omit<WorldTurnOptions, "process">): WorldTurn {
    const turn = new WorldTurn(`turn-${++this.#turns}`, thread.id, {
      ...options,
      process: this.process,
    });
    if (turn.kind === "review") turn.startedId = `turn-${++this.#turns}`;
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

  get isQuiet(): boolean {
    const threads = [...this.threads.values()];
    return threads.every((thread) => {
      const isBusy = thread.active || (!thread.isPaused && thread.queue.length > 0);
      return !isBusy && !thread.turns.some((turn) => turn.works);
    });
  }

  /**
   * The server's process has died: running turns are interrupted, and what wasn't stored is lost.
   */
  crash(now: number): void {
    this.process++;
    for (const thread of this.threads.values()) {
      for (const turn of thread.turns) turn.crash(now, now - thread.lagMs);
      thread.loaded = false;
      thread.isHaunted = false;
      thread.queue.length = 0;
      thread.goalTurns = 0;
      if (thread.goal === "active") thread.goal = "paused";
      const kept = thread.turns.filter((turn) => turn.isWritten(now - thread.lagMs));
      if (thread.ephemeral || kept.length === 0) thread.gone = true;
    }
  }
}
