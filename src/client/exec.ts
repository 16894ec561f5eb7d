import { randomUUID } from "node:crypto";
import type { CommandExecOutputDeltaNotification } from "../protocol/index.ts";
import type { RequestOptions } from "../thread/thread-server.ts";
import { onAbort } from "../util/abort.ts";
import { deferred } from "../util/deferred.ts";
import { describe } from "../util/describe.ts";
import { checkParams } from "./check-calls.ts";
import type { NamespaceClient } from "./namespaces/client.ts";
import type { Optional, ParamsOf } from "./types.ts";

const SET_HERE = [
  "command",
  "processId",
  "streamStdin",
  "streamStdoutStderr",
  "disableTimeout",
] as const;

/** Options of a command: every other field of `command/exec`. */
export interface ExecOptions
  extends Optional<Omit<ParamsOf<"command/exec">, (typeof SET_HERE)[number]>> {
  /** Aborting ends the command; `run()` rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** How long the command may run, in milliseconds; 0 is no limit. Default: the server's. */
  readonly timeoutMs?: number | undefined;
}

/** A piece of a command's output. */
export interface ExecOutput {
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

/** How a command ended and what it printed. */
export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether the server cut the output at its limit; see `outputBytesCap`. */
  readonly isCut: boolean;
}

/**
 * A command that runs in the server's sandbox, outside any thread: the agent doesn't see it.
 *
 * @example
 * const { exitCode, stdout } = await codex.exec(["git", "status"], { cwd: "/repo" }).run();
 */
export class ExecCommand {
  readonly #client: NamespaceClient;
  readonly #processId = randomUUID();
  readonly #output: ExecOutput[] = [];
  readonly #decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  readonly #result: Promise<ExecResult>;
  #isCut = false;
  #hasEnded = false;
  #more = deferred<void>();

  /**
   * Created by `Codex.exec`.
   * @internal
   */
  constructor(client: NamespaceClient, command: readonly string[], options: ExecOptions) {
    const isCommand =
      Array.isArray(command) &&
      command.length > 0 &&
      command.every((word) => typeof word === "string");
    if (!isCommand) {
      throw new TypeError(
        `exec: the command must be a list of a program and its arguments, not ${describe(command)}`,
      );
    }
    checkParams("exec", "command/exec", options, { omitted: SET_HERE });
    this.#client = client;
    this.#result = this.#start(command, options);
    this.#result.catch(() => {});
  }

  /**
   * Waits for the command to end: `command/exec`.
   * @throws JsonRpcError if it couldn't be started.
   */
  run(): Promise<ExecResult> {
    return this.#result;
  }

  /** Yields the output from its beginning, as it is printed: `command/exec/outputDelta`. Throws what `run()` throws. */
  async *stream(): AsyncGenerator<ExecOutput, undefined> {
    for (let next = 0; ; ) {
      const more = this.#more.promise;
      while (next < this.#output.length) yield this.#output[next++] as ExecOutput;
      if (!this.#hasEnded) await more;
      else if (next === this.#output.length) break;
    }
    await this.#result;
  }

  /** Writes to the command's stdin: `command/exec/write`. */
  async write(input: string | Uint8Array, options?: RequestOptions): Promise<void> {
    const deltaBase64 = Buffer.from(input as Uint8Array).toString("base64");
    await this.#control("command/exec/write", { deltaBase64 }, options);
  }

  /** Closes the command's stdin: `command/exec/write`. */
  async closeStdin(options?: RequestOptions): Promise<void> {
    await this.#control("command/exec/write", { closeStdin: true }, options);
  }

  /** Changes the size of the command's terminal: `command/exec/resize`. For commands with `tty: true`. */
  async resize(
    size: { readonly rows: number; readonly cols: number },
    options?: RequestOptions,
  ): Promise<void> {
    await this.#control("command/exec/resize", { size }, options);
  }

  /** Ends the command: `command/exec/terminate`. Does nothing if it has ended. */
  async kill(options?: RequestOptions): Promise<void> {
    if (!this.#hasEnded) await this.#control("command/exec/terminate", {}, options);
  }

  async #start(command: readonly string[], options: ExecOptions): Promise<ExecResult> {
    const { signal, timeoutMs, ...params } = options;
    signal?.throwIfAborted();
    const listening = this.#client.on("command/exec/outputDelta", (delta) => this.#accept(delta));
    const stop = onAbort(signal, () => void this.kill().catch(() => {}));
    const request = {
      ...(params as Partial<ParamsOf<"command/exec">>),
      command: [...command],
      processId: this.#processId,
      streamStdoutStderr: true,
      streamStdin: true,
      ...(timeoutMs === 0 ? { disableTimeout: true } : { timeoutMs: timeoutMs ?? null }),
    };
    try {
      // The signal isn't given to the request: the answer comes when the command has been ended.
      const { exitCode } = await this.#client.request("command/exec", request);
      signal?.throwIfAborted();
      return { exitCode, ...this.#texts(), isCut: this.#isCut };
    } finally {
      listening[Symbol.dispose]();
      stop();
      this.#hasEnded = true;
      this.#wake();
    }
  }

  #accept(delta: CommandExecOutputDeltaNotification): void {
    if (delta?.processId !== this.#processId) return;
    const stream = delta.stream === "stderr" ? "stderr" : "stdout";
    if (delta.capReached) this.#isCut = true;
    const bytes = Buffer.from(String(delta.deltaBase64), "base64");
    const text = this.#decoders[stream].decode(bytes, { stream: true });
    if (text !== "") this.#output.push({ stream, text });
    this.#wake();
  }

  #wake(): void {
    this.#more.resolve();
    this.#more = deferred();
  }

  #texts(): Pick<ExecResult, "stdout" | "stderr"> {
    const all = (stream: ExecOutput["stream"]) =>
      this.#output.map((one) => (one.stream === stream ? one.text : "")).join("");
    return { stdout: all("stdout"), stderr: all("stderr") };
  }

  #control(
    method: "command/exec/write" | "command/exec/resize" | "command/exec/terminate",
    params: object,
    options?: RequestOptions,
  ): Promise<unknown> {
    const request: (method: string, params: object, options?: RequestOptions) => Promise<unknown> =
      this.#client.request.bind(this.#client);
    return request(method, { ...params, processId: this.#processId }, options);
  }
}
