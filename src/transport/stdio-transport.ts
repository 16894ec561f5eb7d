import { type ExitStatus, TransportClosedError } from "../errors/errors.ts";
import { type AppServerProcess, spawnAppServer } from "../process/app-server-process.ts";
import { withHiddenVariables } from "../process/hidden-variables.ts";
import { lastWords } from "../process/last-words.ts";
import type { LaunchOptions } from "../process/launch-options.ts";
import { givenCommand, serverCommand } from "../process/server-command.ts";
import { messageOf } from "../util/describe.ts";
import { type GuardableTransport, GuardedTransport } from "./guarded-transport.ts";
import { LineWriter } from "./line-writer.ts";
import { LineSplitter, LineTooLong } from "./lines.ts";
import {
  DEFAULT_MAX_MESSAGE_BYTES,
  type MessageLimit,
  tooLarge,
  tooMuchTooEarly,
  watchHandshake,
} from "./message-limit.ts";
import { isMessage, Noise } from "./noise.ts";
import type { Transport, TransportEvents } from "./transport.ts";

export interface StdioOptions extends LaunchOptions, MessageLimit {
  /** The complete command line, starting with the program. */
  readonly launchArgs?: readonly string[] | undefined;
}

const NAME = "stdio";

/** Starts an app-server, and connects to its pipes. */
export async function openStdio(options: StdioOptions, signal: AbortSignal): Promise<Transport> {
  signal.throwIfAborted();
  const { launchArgs, cwd } = options;
  const { hidden, ...command } = launchArgs
    ? givenCommand(launchArgs, options.env)
    : serverCommand(options, ["app-server", "--listen", "stdio://"]);
  const server = await spawnAppServer({ ...command, cwd });
  if (signal.aborted) {
    await server.terminate();
    throw signal.reason;
  }
  const limit = options.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES;
  return new GuardedTransport(new StdioTransport(server, limit, hidden), NAME);
}

const BRACE = "{".charCodeAt(0);

/** JSON lines over the pipes of a process. */
export class StdioTransport implements GuardableTransport {
  readonly #server: AppServerProcess;
  readonly #maxMessageBytes: number;
  readonly #hidden: readonly string[];
  readonly #writer: LineWriter;
  readonly #noise = new Noise();
  #stopWatching: (() => void) | undefined;
  #isEstablished = false;
  /** Whether the output is no longer read for messages. */
  #refused = false;

  /** `hidden`: variables of the server that must stay empty for the agent's commands. */
  constructor(
    server: AppServerProcess,
    maxMessageBytes: number = DEFAULT_MAX_MESSAGE_BYTES,
    hidden: readonly string[] = [],
  ) {
    this.#server = server;
    this.#maxMessageBytes = maxMessageBytes;
    this.#hidden = hidden;
    this.#writer = new LineWriter(server.stdin);
  }

  get noise(): string | undefined {
    return this.#noise.quote();
  }

  get pid(): number {
    return this.#server.pid;
  }

  listen(events: TransportEvents): void {
    const { stdin, stdout, exited } = this.#server;
    const lines = new LineSplitter(
      (line) => events.message(this.#messageIn(line)),
      this.#maxMessageBytes,
    );
    this.#stopWatching = watchHandshake(stdout, () => this.#refuse(events, tooMuchTooEarly(NAME)));
    const read = (run: () => void) => {
      if (this.#refused) return;
      try {
        run();
      } catch (error) {
        this.#refuse(events, this.#unreadable(error));
      }
    };
    stdout.on("data", (chunk: Buffer) => read(() => lines.push(chunk)));
    // A server that has closed its output can send nothing more, and one that has closed its input can do nothing more.
    stdout.once("end", () => this.close());
    stdin.once("error", () => this.close());
    stdout.once("close", async () => {
      read(() => lines.end());
      events.closed(this.#closedError(await exited));
    });
  }

  established(): void {
    this.#isEstablished = true;
    this.#stopWatching?.();
  }

  send(text: string): void {
    this.#writer.write(withHiddenVariables(text, this.#hidden));
  }

  keepAlive(on: boolean): void {
    this.#server.keepAlive(on);
  }

  async close(): Promise<void> {
    this.keepAlive(true);
    this.#writer.flush();
    await this.#server.terminate();
  }

  /** Skips what a shell or a terminal wrote before the message on its line. */
  #messageIn(line: string): string {
    const text = line.charCodeAt(0) === BRACE ? line : line.slice(Math.max(line.indexOf("{"), 0));
    if (!this.#isEstablished) this.#noteNoise(line, text);
    return text;
  }

  #noteNoise(line: string, text: string): void {
    this.#noise.add(isMessage(text) ? line.slice(0, line.length - text.length) : line);
  }

  #refuse(events: TransportEvents, why: string): void {
    this.#refused = true;
    events.closed(new TransportClosedError(why, { stderr: this.#server.stderrTail().slice(-40) }));
    void this.close();
  }

  #unreadable(error: unknown): string {
    if (error instanceof LineTooLong) return tooLarge(NAME, this.#maxMessageBytes);
    return `The app-server's output couldn't be read: ${messageOf(error)}`;
  }

  #closedError(exit: ExitStatus): TransportClosedError {
    const stderr = this.#server.stderrTail().slice(-40);
    const how = exit.signal ? `was ended by ${exit.signal}` : `exited with code ${exit.code}`;
    const words = lastWords(stderr);
    const said = words.length > 0 ? `; the end of its stderr:\n${words.join("\n")}` : "";
    const message = `The app-server (pid ${this.#server.pid}) ${how}${said}`;
    return new TransportClosedError(message, { exit, stderr });
  }
}
