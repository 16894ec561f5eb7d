import type { Codex as NativeCodex } from "../client/codex.ts";
import { findCodexBinary } from "../process/find-binary.ts";
import type { CodexOptions, ThreadOptions } from "./options.ts";
import { Server } from "./server.ts";
import { Thread } from "./thread.ts";

/**
 * A drop-in replacement for the `Codex` of `@openai/codex-sdk`. All threads run on one server, which the first
 * run starts. There is nothing to close: the server ends with the program.
 *
 * @example
 * const codex = new Codex();
 * const thread = codex.startThread({ workingDirectory: "/srv/project" });
 * const { finalResponse } = await thread.run("Summarise this project.");
 */
export class Codex {
  readonly #server: Server;

  /** @throws LaunchError if there is no `codex` program. */
  constructor(options: CodexOptions = {}) {
    if (!options.codexPathOverride && !options.native?.transport) findCodexBinary();
    this.#server = new Server(options);
  }

  /** Returns a new thread. The server creates it with the first run. */
  startThread(options: ThreadOptions = {}): Thread {
    return new Thread({ server: this.#server, options, id: null });
  }

  /** Returns a stored thread by its id. */
  resumeThread(id: string, options: ThreadOptions = {}): Thread {
    return new Thread({ server: this.#server, options, id });
  }

  /** Returns the underlying client, for everything that this class doesn't have. */
  native(): NativeCodex {
    return this.#server.running.client;
  }
}
