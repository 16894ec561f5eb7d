// The baseline: an app-server driven over its pipes by the least code that works.
import { spawn } from "node:child_process";
import { once } from "node:events";

export class BareClient {
  #child;
  #calls = new Map();
  #turns = new Map();
  #rest = "";
  #lastId = 0;

  /** @param {{ command: string, args: string[], env?: object, cwd?: string }} server */
  static async start({ command, args, env, cwd }) {
    const client = new BareClient();
    client.#child = spawn(command, args, {
      env: { ...process.env, ...env },
      cwd,
      stdio: ["pipe", "pipe", "ignore"],
    });
    client.#child.stdout.setEncoding("utf8").on("data", (chunk) => client.#receive(chunk));
    await client.request("initialize", {
      clientInfo: { name: "bare", title: null, version: "1" },
      capabilities: { experimentalApi: true },
    });
    return client;
  }

  request(method, params) {
    const id = ++this.#lastId;
    this.#child.stdin.write(`${JSON.stringify({ id, method, params })}\n`);
    return new Promise((resolve, reject) => this.#calls.set(id, { resolve, reject }));
  }

  async startThread(params = {}) {
    const { thread } = await this.request("thread/start", params);
    return thread.id;
  }

  /** Runs a turn to its end. A thread can run one at a time. */
  async runTurn(threadId, text) {
    const completed = new Promise((resolve) => this.#turns.set(threadId, resolve));
    const input = [{ type: "text", text, text_elements: [] }];
    await this.request("turn/start", { threadId, input });
    const turn = await completed;
    if (turn.status !== "completed") throw new Error(`turn ${turn.status}: ${turn.error?.message}`);
    return turn;
  }

  async close() {
    this.#child.stdin.end();
    if (this.#child.exitCode === null) await once(this.#child, "exit");
  }

  #receive(chunk) {
    const lines = (this.#rest + chunk).split("\n");
    this.#rest = lines.pop();
    for (const line of lines) this.#accept(JSON.parse(line));
  }

  #accept(message) {
    if (message.method === "turn/completed") {
      this.#turns.get(message.params.threadId)(message.params.turn);
    } else if (message.method === undefined) {
      const { resolve, reject } = this.#calls.get(message.id);
      this.#calls.delete(message.id);
      if (message.error) reject(new Error(message.error.message));
      else resolve(message.result);
    }
  }
}
