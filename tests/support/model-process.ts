import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

type Pause = { readonly gate: string } | { readonly delayMs: number };

/** A reply as data. */
export type ReplyData =
  | string
  | Pause
  | { readonly text: readonly (string | Pause)[]; readonly phase?: string }
  | { readonly call: string; readonly args: object }
  | { readonly command: string; readonly escalate?: string }
  | { readonly all: readonly ReplyData[] };

export interface SeenRequest {
  readonly body: Readonly<Record<string, unknown>>;
  readonly userText: string;
  readonly lastOutput?: string;
}

/** A scripted model in another process. It answers `echo …` if no reply is queued. */
export class ModelProcess implements AsyncDisposable {
  readonly url: string;
  readonly #child: ChildProcess;
  #lastId = 0;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  static async start(): Promise<ModelProcess> {
    const child = fork(fileURLToPath(new URL("./model-process.mjs", import.meta.url)), {
      execArgv: [],
    });
    child.setMaxListeners(0);
    const [{ url }] = (await once(child, "message")) as [{ url: string }];
    return new ModelProcess(child, url);
  }

  async enqueue(...replies: readonly ReplyData[]): Promise<void> {
    await this.#do("enqueue", replies);
  }

  /** Drops the queued replies that weren't used. */
  async forget(): Promise<void> {
    await this.#do("forget", []);
  }

  /** Lets replies pass the gate. */
  async open(gate: string): Promise<void> {
    await this.#do("open", [gate]);
  }

  /** Resolves when a reply has reached the gate, or has passed it. */
  async reached(gate: string): Promise<void> {
    await this.#do("reached", [gate]);
  }

  async requests(): Promise<SeenRequest[]> {
    return (await this.#do("requests", [])) as SeenRequest[];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exited = once(this.#child, "exit");
    this.#child.disconnect();
    await exited;
  }

  #do(op: string, args: readonly unknown[]): Promise<unknown> {
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      const listener = (message: { id?: number; result?: unknown }) => {
        if (message.id !== id) return;
        this.#child.off("message", listener);
        resolve(message.result);
      };
      this.#child.on("message", listener);
      this.#child.send({ id, op, args });
    });
  }
}
