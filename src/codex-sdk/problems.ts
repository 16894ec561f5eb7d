import type { Codex as Client } from "../client/codex.ts";

interface Problem {
  /** Null if it concerns all threads. */
  readonly threadId: string | null;
  readonly message: string;
}

/** Collects the server's warnings until it is disposed of. */
export class Problems implements Disposable {
  readonly #listening: readonly Disposable[];
  #found: Problem[] = [];

  constructor(client: Client) {
    this.#listening = [
      client.on("warning", ({ threadId, message }) => {
        this.#found.push({ threadId: threadId ?? null, message });
      }),
      client.on("deprecationNotice", ({ summary, details }) => {
        const message = details ? `${summary} (${details})` : summary;
        this.#found.push({ threadId: null, message });
      }),
    ];
  }

  /** The warnings about this thread since the last call. */
  take(threadId: string): string[] {
    const mine = (problem: Problem) => problem.threadId === null || problem.threadId === threadId;
    const taken = this.#found.filter(mine);
    this.#found = [];
    return taken.map(({ message }) => message);
  }

  [Symbol.dispose](): void {
    for (const one of this.#listening) one[Symbol.dispose]();
  }
}
