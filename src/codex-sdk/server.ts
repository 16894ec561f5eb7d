import { Codex as Client } from "../client/codex.ts";
import { clientOptions } from "./client-options.ts";
import { LoadedThreads } from "./loaded-threads.ts";
import type { CodexOptions } from "./options.ts";

/** A client with a server, and the threads that the server has loaded. */
export interface RunningServer {
  readonly client: Client;
  readonly threads: LoadedThreads;
}

/** The server of a `Codex`. It starts with the first run, and is replaced if it dies. */
export class Server {
  readonly #options: CodexOptions;
  #running: RunningServer | undefined;

  constructor(options: CodexOptions) {
    this.#options = options;
  }

  get codexPath(): string | undefined {
    return this.#options.codexPathOverride;
  }

  /** @throws Error for options that can't be passed to the server. */
  get running(): RunningServer {
    this.#running ??= this.#start();
    return this.#running;
  }

  #start(): RunningServer {
    const client = new Client(clientOptions(this.#options));
    const running = { client, threads: new LoadedThreads(client) };
    client.closed.then(() => {
      if (this.#running === running) this.#running = undefined;
    });
    return running;
  }
}
