import type { TurnRecord } from "../turn/turn-record.ts";
import { type Deferred, deferred } from "../util/deferred.ts";

/** Waits for a turn which the response to its request doesn't name. */
export interface TurnWatcher extends Disposable {
  /** Undefined when the thread proves to be idle without a new turn. */
  readonly record: Promise<TurnRecord | undefined>;
  /** The turn that has begun so far. */
  readonly seen: TurnRecord | undefined;
}

interface Entry extends Deferred<TurnRecord | undefined> {
  seen?: TurnRecord | undefined;
}

/** Those who wait for the next turn that begins on a thread. */
export class TurnWatchers {
  readonly #watchers = new Set<Entry>();

  get isEmpty(): boolean {
    return this.#watchers.size === 0;
  }

  add(): TurnWatcher {
    const watcher: Entry = deferred<TurnRecord | undefined>();
    this.#watchers.add(watcher);
    return {
      record: watcher.promise,
      get seen() {
        return watcher.seen;
      },
      [Symbol.dispose]: () => void this.#watchers.delete(watcher),
    };
  }

  /** A turn has begun, or none will. */
  resolve(record: TurnRecord | undefined): void {
    for (const watcher of this.#take()) {
      watcher.seen = record;
      watcher.resolve(record);
    }
  }

  reject(reason: unknown): void {
    for (const watcher of this.#take()) watcher.reject(reason);
  }

  #take(): Entry[] {
    const watchers = [...this.#watchers];
    this.#watchers.clear();
    return watchers;
  }
}
