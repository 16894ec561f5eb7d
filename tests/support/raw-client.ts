import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { createInterface } from "node:readline";

type Json = Record<string, unknown>;

export interface WireMessage {
  readonly id?: number;
  readonly method?: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read into whatever the server sent
  readonly params?: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly result?: any;
  readonly error?: { readonly code: number; readonly message: string };
}

/** The native app-server, accessed with plain JSON lines, without the package's own client. */
export class RawClient {
  /** Notifications and server requests, in the order of their arrival. */
  readonly received: WireMessage[] = [];
  stderr = "";
  /** Answers the server's requests. */
  answer: (request: WireMessage) => Json = () => ({});
  readonly #server: ChildProcessWithoutNullStreams;
  readonly #calls = new Map<number, (message: WireMessage) => void>();
  readonly #watchers = new Set<(message: WireMessage) => void>();
  #lastId = 0;

  constructor(env: NodeJS.ProcessEnv, args: readonly string[] = []) {
    this.#server = spawn(nativeBinary(), ["app-server", ...args], {
      env: { ...process.env, ...env },
    });
    this.#server.stderr.on("data", (chunk) => {
      this.stderr += chunk;
    });
    createInterface({ input: this.#server.stdout }).on("line", (line) =>
      this.#receive(JSON.parse(line)),
    );
  }

  static async start(env: NodeJS.ProcessEnv, args?: readonly string[]): Promise<RawClient> {
    const client = new RawClient(env, args);
    await client.request("initialize", {
      clientInfo: { name: "raw-client", title: null, version: "1" },
      capabilities: { experimentalApi: true },
    });
    return client;
  }

  // biome-ignore lint/suspicious/noExplicitAny: tests read into whatever the server sent
  request(method: string, params: Json): Promise<any> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#calls.set(id, ({ result, error }) =>
        error ? reject(new Error(`${method}: ${error.message}`)) : resolve(result),
      );
      this.#send({ id, method, params });
    });
  }

  /** The first message of this method that matches, already received or not. */
  waitFor(method: string, fits: (params: Json) => boolean = () => true): Promise<WireMessage> {
    const match = (message: WireMessage) => message.method === method && fits(message.params);
    const found = this.received.find(match);
    if (found) return Promise.resolve(found);
    return new Promise((resolve) => {
      const watch = (message: WireMessage): void => {
        if (!match(message)) return;
        this.#watchers.delete(watch);
        resolve(message);
      };
      this.#watchers.add(watch);
    });
  }

  async close(): Promise<void> {
    if (this.#server.exitCode !== null) return;
    const exited = once(this.#server, "exit");
    this.#server.stdin.end();
    await exited;
  }

  #receive(message: WireMessage): void {
    if (message.method === undefined) {
      if (message.id !== undefined) this.#calls.get(message.id)?.(message);
      return;
    }
    this.received.push(message);
    for (const watch of [...this.#watchers]) watch(message);
    if (message.id !== undefined) this.#send({ id: message.id, result: this.answer(message) });
  }

  #send(message: Json): void {
    this.#server.stdin.write(`${JSON.stringify(message)}\n`);
  }
}

/** The binary inside the platform's package, which the Node wrapper of `@openai/codex` would start. */
export function nativeBinary(): string {
  const wrapper = createRequire(import.meta.url).resolve("@openai/codex/package.json");
  const manifest = createRequire(wrapper).resolve(
    `@openai/codex-${process.platform}-${process.arch}/package.json`,
  );
  const vendor = path.join(path.dirname(manifest), "vendor");
  const [target = ""] = readdirSync(vendor);
  return path.join(vendor, target, "bin", process.platform === "win32" ? "codex.exe" : "codex");
}
