interface Entry {
  readonly time: number;
  readonly order: number;
  readonly run: () => void;
  readonly everyMs: number | undefined;
  readonly isHarness: boolean;
}

const NAMES = ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] as const;

/**
 * Time that passes only while `run` says so: an hour costs no more than the work that is done in it.
 * Installed, it takes the place of the global timers; those of the code under test can be counted.
 */
export class VirtualClock {
  readonly #entries = new Map<number, Entry>();
  #now = 0;
  #lastId = 0;

  /** In milliseconds. */
  get now(): number {
    return this.#now;
  }

  /** How many timers the code under test has running, unreferenced ones included. */
  get timers(): number {
    return [...this.#entries.values()].filter(({ isHarness }) => !isHarness).length;
  }

  /** Runs `work` later, by the harness's own account. */
  after(ms: number, work: () => void): void {
    this.#add(work, ms, { isHarness: true });
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  /** Lets time pass until `done` holds. False when it does not within `limitMs`. */
  async run(done: () => boolean, limitMs: number): Promise<boolean> {
    const end = this.#now + limitMs;
    for (;;) {
      await settle();
      if (done()) return true;
      const next = this.#next();
      if (next === undefined || next[1].time > end) return false;
      this.#fire(...next);
    }
  }

  /** Takes the place of the global timers. Returns what puts them back. */
  install(): () => void {
    const real = NAMES.map((name) => [name, globalThis[name]] as const);
    const add =
      (repeats: boolean) =>
      (work: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
        this.#add(() => work(...args), ms, { everyMs: repeats ? ms : undefined });
    const clear = (timer: unknown) => void this.#entries.delete(Number(timer));
    const fakes = [add(false), clear, add(true), clear];
    NAMES.forEach((name, index) => {
      Object.assign(globalThis, { [name]: fakes[index] });
    });
    return () => {
      for (const [name, own] of real) Object.assign(globalThis, { [name]: own });
    };
  }

  #add(run: () => void, ms: number, kind: { everyMs?: number | undefined; isHarness?: boolean }) {
    const id = ++this.#lastId;
    const time = this.#now + Math.max(ms, kind.isHarness ? 0 : 1);
    this.#entries.set(id, {
      time,
      order: id,
      run,
      everyMs: kind.everyMs,
      isHarness: kind.isHarness ?? false,
    });
    const handle = {
      ref: () => handle,
      unref: () => handle,
      hasRef: () => true,
      [Symbol.toPrimitive]: () => id,
    };
    return handle;
  }

  #next(): [id: number, entry: Entry] | undefined {
    let first: [number, Entry] | undefined;
    for (const one of this.#entries) {
      const [, { time, order }] = one;
      const best = first?.[1];
      if (!best || time < best.time || (time === best.time && order < best.order)) first = one;
    }
    return first;
  }

  #fire(id: number, entry: Entry): void {
    this.#now = Math.max(this.#now, entry.time);
    if (entry.everyMs === undefined) this.#entries.delete(id);
    else this.#entries.set(id, { ...entry, time: this.#now + Math.max(entry.everyMs, 1) });
    entry.run();
  }
}

/** Resolves when all that is ready to run has run: promises, ticks, streams. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
