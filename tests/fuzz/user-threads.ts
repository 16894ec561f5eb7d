import { seededTool } from "./handlers.ts";
import type { UserParts } from "./user.ts";

/** How many pages a list can have before it counts as endless. */
const MAX_THREADS = 200;

/** Starting, resuming, forking, leaving and dropping threads. */
export class ThreadUse {
  /** Objects that the client received for threads, and may release with them. */
  readonly given: WeakRef<object>[] = [];
  readonly #parts: UserParts;

  constructor(parts: UserParts) {
    this.#parts = parts;
  }

  start(): void {
    const { random, codex, oracle, handles, limits, server } = this.#parts;
    const hasTools = random.chance(0.5);
    const ephemeral = server.shows("ephemeral", 0.6);
    const options = limits.draw();
    const start = async () => {
      const thread = await codex.threadStart({
        ...options,
        ...(ephemeral && { ephemeral }),
        ...this.#tools(hasTools),
        config: this.#noted(new Setting()),
      });
      handles.add(thread, { hasTools });
    };
    oracle.watch("threadStart", start, { timeoutMs: options.timeoutMs });
  }

  /**
   * About any thread: held or not, running or not, a sub-agent, or one that can't be unsubscribed
   * from.
   */
  resume(): void {
    const { random, server } = this.#parts;
    const ids = [...server.world.threads.keys()];
    if (ids.length === 0) return;
    const id = random.pick(ids);
    for (let count = random.pick([1, 1, 2, 4]); count > 0; count--) this.#resume(id);
  }

  #resume(id: string): void {
    const { random, codex, oracle, handles, limits } = this.#parts;
    const hasTools = handles.serves(id) || random.chance(0.5);
    const options = limits.drawShort();
    oracle.watch(
      `threadResume ${id}`,
      async () => {
        const thread = await codex.threadResume(id, { ...options, ...this.#tools(hasTools) });
        handles.add(thread, { hasTools });
      },
      { threadId: id, timeoutMs: options.timeoutMs },
    );
  }

  fork(): void {
    const { codex, oracle, handles, limits } = this.#parts;
    const id = handles.pick()?.id;
    if (id === undefined) return;
    const options = limits.drawShort();
    oracle.watch(
      `threadFork ${id}`,
      async () => {
        const hasTools = handles.serves(id);
        handles.add(await codex.threadFork(id, options), { hasTools });
      },
      { threadId: id, timeoutMs: options.timeoutMs },
    );
  }

  /** Most users who leave a thread resume it, some while its turn is just ending. */
  unsubscribe(): void {
    const { random, codex, oracle, handles, limits } = this.#parts;
    const thread = handles.pick();
    if (!thread) return;
    const options = limits.drawShort();
    const comesBack = random.chance(0.7);
    oracle.watch(
      `unsubscribe ${thread.id}`,
      async () => {
        handles.leave(thread.id);
        await thread.unsubscribe(options);
        if (!comesBack) return;
        const hasTools = handles.serves(thread.id);
        const again = await codex.threadResume(thread.id, this.#tools(hasTools));
        handles.add(again, { hasTools });
      },
      { threadId: thread.id, timeoutMs: options.timeoutMs },
    );
  }

  /** Requests about a thread that change nothing of its turns. */
  touch(): void {
    const { random, oracle, handles, limits, requestTimeoutMs } = this.#parts;
    const thread = handles.pick();
    if (!thread) return;
    const options = limits.draw();
    const { timeoutMs } = options;
    const withinMs = Math.min(timeoutMs ?? requestTimeoutMs, Number.MAX_SAFE_INTEGER);
    const expected = { withinMs, timeoutMs, threadId: thread.id };
    if (random.chance(0.5)) oracle.watch(`read ${thread.id}`, () => thread.read(options), expected);
    else oracle.watch(`name ${thread.id}`, () => thread.setName("a name", options), expected);
  }

  list(): void {
    const { codex, oracle } = this.#parts;
    oracle.watch("threads", async () => {
      let count = 0;
      for await (const _ of codex.threads()) if (++count > MAX_THREADS) break;
      if (count > MAX_THREADS) oracle.fault("[list] threads() repeats the same pages endlessly");
    });
  }

  /** Drops all handles to a thread, during a turn or not; then they are collected. */
  drop(): void {
    const { random, oracle, handles, collect, server } = this.#parts;
    const id = handles.pick()?.id;
    if (id === undefined || !collect) return;
    const active = server.world.threads.get(id)?.active;
    const isKnown = server.line?.active.has(id) === true;
    handles.drop(id, { turns: random.chance(0.7), running: isKnown ? active?.id : undefined });
    oracle.watch(`drop ${id}`, collect);
  }

  #tools(hasTools: boolean) {
    return hasTools ? { tools: [this.#noted(seededTool(this.#parts))] } : {};
  }

  #noted<T extends object>(value: T): T {
    if (this.#parts.collect) this.given.push(new WeakRef(value));
    return value;
  }
}

/** A separate class, so that heap snapshots show it. */
class Setting {
  readonly note = "a setting";
  readonly [name: string]: string;
}
