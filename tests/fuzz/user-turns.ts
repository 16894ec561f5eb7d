import type { Notification, Thread, Turn } from "../../src/index.ts";
import { StartTimes } from "./start-times.ts";
import type { UserParts } from "./user.ts";

/** How long `return()` of a waiting iterator can take, in milliseconds. */
const RETURN_MS = 20;

/** Running, starting, reading, steering and stopping turns. */
export class TurnUse {
  readonly #parts: UserParts;
  /** What each turn was started with. */
  readonly #texts = new Map<string, string>();
  readonly #starts: StartTimes;
  #count = 0;

  constructor(parts: UserParts) {
    this.#parts = parts;
    this.#starts = new StartTimes(parts.server);
  }

  run(): void {
    const thread = this.#parts.handles.pick();
    if (thread) this.runOn(thread);
  }

  runOn(thread: Thread): void {
    const { oracle, limits } = this.#parts;
    const text = this.#nextText();
    const options = limits.draw();
    oracle.watch(
      `run on ${thread.id}: ${text}`,
      async () => {
        const start = this.#starts.wanted(thread.id, text);
        oracle.judgeResult(text, await thread.run(text, options).finally(start.over));
      },
      { threadId: thread.id, timeoutMs: options.timeoutMs },
    );
  }

  start(): void {
    const { handles, oracle, limits } = this.#parts;
    const thread = handles.pick();
    if (!thread) return;
    const text = this.#nextText();
    const options = limits.draw();
    // The closures of the turn's readers mustn't refer to the thread.
    oracle.watch(
      `turn on ${thread.id}: ${text}`,
      async () => {
        const start = this.#starts.wanted(thread.id, text);
        this.#follow(await thread.turn(text, options).finally(start.over), text);
      },
      { threadId: thread.id, timeoutMs: options.timeoutMs },
    );
  }

  readLate(): void {
    const turn = this.#parts.handles.pickTurn();
    if (turn) this.#read(turn);
  }

  /** Resumes a thread, compacts it and immediately starts a turn. */
  comeBack(): void {
    const { handles, oracle, codex } = this.#parts;
    const id = handles.pick()?.id;
    if (id === undefined) return;
    const hasTools = handles.serves(id);
    oracle.watch(
      `come back to ${id}`,
      async () => {
        const thread = await codex.threadResume(id);
        handles.add(thread, { hasTools });
        this.compact(thread);
        this.runOn(thread);
      },
      { threadId: id },
    );
  }

  /** It must resolve when the server has compacted the thread, not before. */
  compact(thread: Thread | undefined = this.#parts.handles.pick()): void {
    const { oracle, limits, server, clock } = this.#parts;
    if (!thread) return;
    const { id } = thread;
    const options = limits.drawShort();
    oracle.watch(
      `compact ${id}`,
      async () => {
        const since = clock.now;
        await thread.compact(options);
        const turns = server.world.threads.get(id)?.turns ?? [];
        const compactions = turns.filter(
          ({ kind, startedAt }) => kind === "compaction" && startedAt >= since,
        );
        if (compactions.some(({ status }) => status === "completed")) return;
        oracle.fault(`[compact] compact() on ${id} resolved before a compaction had completed`);
      },
      { threadId: id, timeoutMs: options.timeoutMs },
    );
  }

  #follow(turn: Turn, text: string): void {
    const { random, handles } = this.#parts;
    this.#texts.set(turn.id, text);
    handles.addTurn(turn);
    for (let left = random.between(0, 3); left > 0; left--) this.#read(turn);
    if (random.chance(0.7)) this.#result(turn);
    if (random.chance(0.2)) this.#later(`interrupt ${turn.id}`, (limits) => turn.interrupt(limits));
    if (random.chance(0.2)) this.#later(`steer ${turn.id}`, (limits) => turn.steer("more", limits));
  }

  #result(turn: Turn): void {
    const { random, clock, oracle, limits } = this.#parts;
    const options = limits.draw();
    const wait = random.pick([0, 50, 2_000]);
    const text = this.#texts.get(turn.id) ?? "";
    const name = `run of ${turn.id}`;
    oracle.watch(name, async () => {
      await clock.sleep(wait);
      oracle.judgeResult(text, await turn.run(options));
    });
  }

  #later(
    name: string,
    work: (limits: { signal?: AbortSignal; timeoutMs?: number }) => Promise<unknown>,
  ): void {
    const { random, clock, oracle, limits } = this.#parts;
    const options = limits.draw();
    const wait = random.pick([0, 5, 100]);
    const later = async () => {
      await clock.sleep(wait);
      await work(options);
    };
    oracle.watch(name, later, { timeoutMs: options.timeoutMs });
  }

  /** Reads a turn: quickly, slowly, late, or only its beginning. */
  #read(turn: Turn): void {
    const { random } = this.#parts;
    const lateMs = random.pick([0, 0, 30, 3_000]);
    const slowMs = random.pick([0, 0, 1, 50]);
    const manner = random.weighted({ stream: 5, text: 3, leaves: 1.5, returns: 1 });
    if (manner === "text") this.#readText(turn, lateMs, slowMs);
    else if (manner === "returns") this.#return(turn);
    else this.#readStream(turn, { lateMs, slowMs, leaves: manner === "leaves" });
  }

  #readText(turn: Turn, lateMs: number, slowMs: number): void {
    const { clock, oracle } = this.#parts;
    oracle.watch(`text of ${turn.id}`, async () => {
      await clock.sleep(lateMs);
      let text = "";
      for await (const part of turn.textStream()) {
        text += part;
        if (slowMs > 0) await clock.sleep(slowMs);
      }
      oracle.judgeText(turn, text);
    });
  }

  #readStream(
    turn: Turn,
    { lateMs, slowMs, leaves }: { lateMs: number; slowMs: number; leaves: boolean },
  ): void {
    const { random, clock, oracle } = this.#parts;
    const leavesAfter = leaves ? random.between(0, 5) : Number.POSITIVE_INFINITY;
    oracle.watch(`stream of ${turn.id}`, async () => {
      await clock.sleep(lateMs);
      const since = clock.now;
      const all: Notification[] = [];
      const times: number[] = [];
      for await (const one of turn.stream()) {
        all.push(one);
        times.push(clock.now);
        if (all.length > leavesAfter) return;
        if (slowMs > 0) await clock.sleep(slowMs);
      }
      oracle.judgeStream(turn, { all, times: slowMs > 0 ? undefined : times, since });
    });
  }

  /** Ends an iterator while it waits for the next value. */
  #return(turn: Turn): void {
    const { random, clock, oracle } = this.#parts;
    const iterator: AsyncGenerator<unknown> = random.chance(0.5)
      ? turn.textStream()
      : turn.stream();
    const wait = random.pick([0, 10, 100]);
    oracle.watch(`text of ${turn.id}, left by return()`, async () => {
      await clock.sleep(wait);
      // The outcome doesn't matter: the turn may end with an error.
      const reading = iterator.next().catch(() => {});
      const since = clock.now;
      await iterator.return(undefined);
      await reading;
      const tookMs = clock.now - since;
      if (tookMs > RETURN_MS) oracle.fault(`[return] return() of ${turn.id} took ${tookMs} ms`);
    });
  }

  #nextText(): string {
    return `go #${++this.#count}`;
  }
}
