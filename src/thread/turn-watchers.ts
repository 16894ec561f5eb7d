import type { TurnRecord } from "../turn/turn-record.ts";
import { type Deferred, deferred } from "../util/deferred.ts";

/** Waits for a turn which the response to its request doesn't name. */
export interface TurnWatcher extends Disposable {
  /** Undefined when the thread proves to be idle without a new turn. */
  readonly record: Promise<TurnRecord | undefined>;
}

/** Those who wait for the next turn that begins on a thread. */
export class TurnWatchers {
  readonly #watchers = new Set<Deferred<TurnRecord | undefined>>();

  get isEmpty(): boolean {
    return this.#watchers.size === 0;
  }

  add(): TurnWatcher {
    const watcher = deferred<TurnRecord | undefined>();
    this.#watchers.add(watcher);
    return {
      record: watcher.promise,
      [Symbol.dispose]: () => void this.#watchers.delete(watcher),
    };
  }

  /** A turn has begun, which becomes this program's own if somebody waits for it; or none will. */
  resolve(record: TurnRecord | undefined): void {
    const watchers = this.#take();
    if (watchers.length > 0) record?.claim(undefined);
    for (const watcher of watchers) watcher.resolve(record);
  }

  reject(reason: unknown): void {
    for (const watcher of this.#take()) watcher.reject(reason);
  }

  #take(): Deferred<TurnRecord | undefined>[] {
    const watchers = [...this.#watchers];
    this.#watchers.clear();
    return watchers;
  }
}
