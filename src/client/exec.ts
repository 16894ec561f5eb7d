import { CodexError } from "../errors/errors.ts";
import type { CommandExecOutputDeltaNotification } from "../protocol/index.ts";
import { orderedCall } from "../thread/limited-call.ts";
import type { RequestOptions } from "../thread/thread-server.ts";
import { EventLog } from "../turn/event-log.ts";
import { delay, onAbort } from "../util/abort.ts";
import { CallOrder } from "../util/call-order.ts";
import { describe, isRecord } from "../util/describe.ts";
import { ownCopy } from "../util/own-copy.ts";
import { checkedMs } from "../util/timer.ts";
import { bytesOf } from "./bytes.ts";
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

/** Options of a command: the fields of `command/exec` except the command itself. */
export interface ExecOptions
  extends Optional<Omit<ParamsOf<"command/exec">, (typeof SET_HERE)[number]>> {
  /** Aborting ends the command; `run()` rejects immediately with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * How long the command can run, in milliseconds; 0 means no limit. Default: the server's limit.
   */
  readonly timeoutMs?: number | undefined;
}

const OUTPUT = "command/exec/outputDelta";
const STREAMS = ["stdout", "stderr"] as const;
/** Keeps a byte order mark, which is part of the output. */
const DECODING = { ignoreBOM: true };
/** How many times to try to end a command: the server may not have registered it yet. */
const KILL_TRIES = 5;
const FIRST_DELAY_MS = 50;

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
  readonly #processId = crypto.randomUUID();
  readonly #log = new EventLog({ retain: true });
  readonly #decoders = {
    stdout: new TextDecoder("utf-8", DECODING),
    stderr: new TextDecoder("utf-8", DECODING),
  };
  readonly #stdin = new CallOrder({ write: ["write"] });
  readonly #requestTimeoutMs: number;
  readonly #texts = { stdout: [] as string[], stderr: [] as string[] };
  readonly #result: Promise<ExecResult>;
  #isCut = false;

  /**
   * Created by `Codex.exec`.
   * @internal
   */
  constructor(
    client: NamespaceClient,
    command: readonly string[],
    options: ExecOptions,
    requestTimeoutMs: number,
  ) {
    const isCommand =
      Array.isArray(command) &&
      command.length > 0 &&
      command.every((word) => typeof word === "string");
    if (!isCommand) {
      throw new TypeError(
        `exec: the command must be a list of a program and its arguments, not ${describe(command)}`,
      );
    }
    const own = ownCopy({ command, options });
    checkParams("exec", "command/exec", own.options, { omitted: SET_HERE });
    checkedMs(own.options.timeoutMs ?? 0, "exec option timeoutMs");
    this.#client = client;
    this.#requestTimeoutMs = requestTimeoutMs;
    this.#result = this.#start(own.command, own.options);
    this.#result.catch(() => {});
  }

  /**
   * Waits for the command to end: `command/exec`.
   * @throws JsonRpcError if the command couldn't be started.
   */
  run(): Promise<ExecResult> {
    return this.#result;
  }

  /** Yields the output from its beginning, as it is printed: `command/exec/outputDelta`. Throws what `run()` throws. */
  stream(): AsyncGenerator<ExecOutput, undefined> {
    return this.#log.read(({ params }) => params as ExecOutput);
  }

  /** Writes to the command's stdin, in the order of the calls: `command/exec/write`. */
  async write(input: string | Uint8Array, options?: RequestOptions): Promise<void> {
    const deltaBase64 = bytesOf("exec.write", input).toString("base64");
    await this.#toStdin({ deltaBase64 }, options);
  }

  /** Closes the command's stdin, after all earlier writes: `command/exec/write`. */
  async closeStdin(options?: RequestOptions): Promise<void> {
    await this.#toStdin({ closeStdin: true }, options);
  }

  /** Changes the size of the command's terminal: `command/exec/resize`. For commands with `tty: true`. */
  async resize(
    size: { readonly rows: number; readonly cols: number },
    options?: RequestOptions,
  ): Promise<void> {
    await this.#control("command/exec/resize", { size }, options);
  }

  /** Ends the command: `command/exec/terminate`. Does nothing if it has already ended. */
  async kill(options?: RequestOptions): Promise<void> {
    if (!this.#log.ending) await this.#control("command/exec/terminate", {}, options);
  }

  async #start(command: readonly string[], options: ExecOptions): Promise<ExecResult> {
    const { signal, timeoutMs = null, ...params } = options;
    const listening = this.#client.on(OUTPUT, (delta) => this.#accept(delta));
    const request = {
      ...(params as Partial<ParamsOf<"command/exec">>),
      command: [...command],
      processId: this.#processId,
      streamStdoutStderr: true,
      streamStdin: true,
      ...timeLimit(timeoutMs),
    };
    const stop = onAbort(signal, () => void this.#giveUp());
    try {
      const answer: unknown = await this.#client.request("command/exec", request, { signal });
      const exitCode = isRecord(answer) ? answer.exitCode : undefined;
      if (typeof exitCode !== "number") {
        throw new CodexError("The server's response to command/exec has no exit code");
      }
      for (const stream of STREAMS) this.#append(stream, this.#decoders[stream].decode());
      this.#log.end();
      const [stdout, stderr] = STREAMS.map((stream) => this.#texts[stream].join(""));
      return { exitCode, stdout: stdout as string, stderr: stderr as string, isCut: this.#isCut };
    } catch (error) {
      this.#log.end(error);
      throw error;
    } finally {
      listening[Symbol.dispose]();
      stop();
    }
  }

  /**
   * Ends the command on the server, if it has been sent. An error can mean that the server doesn't
   * know the command.
   */
  async #giveUp(): Promise<void> {
    for (let tries = 0; tries < KILL_TRIES; tries++) {
      // A command ends with its connection.
      if (this.#client.status.state !== "ready") return;
      try {
        await this.#control("command/exec/terminate", {});
        return;
      } catch {
        await delay(FIRST_DELAY_MS * 2 ** tries);
      }
    }
  }

  #accept(delta: CommandExecOutputDeltaNotification): void {
    if (delta?.processId !== this.#processId) return;
    const stream = delta.stream === "stderr" ? "stderr" : "stdout";
    if (delta.capReached) this.#isCut = true;
    const bytes = Buffer.from(String(delta.deltaBase64), "base64");
    this.#append(stream, this.#decoders[stream].decode(bytes, { stream: true }));
  }

  #append(stream: ExecOutput["stream"], text: string): void {
    if (text === "") return;
    this.#texts[stream].push(text);
    this.#log.append({ method: OUTPUT, params: { stream, text } });
  }

  /**
   * Sends a write, after the earlier ones. A write that the server was too busy for is sent again,
   * and later ones must not overtake it.
   */
  #toStdin(params: object, options: RequestOptions = {}): Promise<unknown> {
    const method = "command/exec/write";
    const order = this.#stdin;
    const requestTimeoutMs = this.#requestTimeoutMs;
    const { signal, timeoutMs = requestTimeoutMs } = options;
    const place = { order, kind: "write", requestTimeoutMs } as const;
    return orderedCall(place, method, { signal, timeoutMs }, (limits) =>
      this.#control(method, params, limits),
    );
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

/** The time limit for the server, which takes only whole numbers that fit into 64 bits. */
function timeLimit(timeoutMs: number | null): Partial<ParamsOf<"command/exec">> {
  const isUnlimited = timeoutMs === 0 || (timeoutMs ?? 0) > Number.MAX_SAFE_INTEGER;
  if (isUnlimited) return { disableTimeout: true };
  return { timeoutMs: timeoutMs === null ? null : Math.ceil(timeoutMs) };
}
