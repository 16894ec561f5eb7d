import type { TurnRecord } from "../turn/turn-record.ts";
import { type Deferred, deferred } from "../util/deferred.ts";

/** Waits for a turn that the response to its request doesn't name. */
export interface TurnWatcher extends Disposable {
  /** Undefined if the thread turns out to be idle without a new turn. */
  readonly record: Promise<TurnRecord | undefined>;
  /** The turn that has started so far. */
  readonly seen: TurnRecord | undefined;
}

interface Entry extends Deferred<TurnRecord | undefined> {
  seen?: TurnRecord | undefined;
}

/** The callers that wait for the next turn of a thread to start. */
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

  /** Gives the waiting callers the turn that has started, or undefined if none will start. */
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
