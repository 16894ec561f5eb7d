import { type ExitStatus, TransportClosedError } from "../errors/errors.ts";
import { type AppServerProcess, spawnAppServer } from "../process/app-server-process.ts";
import { type ConfigTable, configArgs } from "../process/config-args.ts";
import { type EnvironmentOverrides, mergeEnvironment } from "../process/environment.ts";
import { findCodexBinary } from "../process/find-binary.ts";
import { lastWords } from "../process/last-words.ts";
import { LineSplitter } from "./lines.ts";
import type { Endpoint, Transport, TransportEvents } from "./transport.ts";

export interface StdioOptions {
  readonly codexBin?: string | undefined;
  /** The whole command line, program first. */
  readonly launchArgs?: readonly string[] | undefined;
  readonly config?: ConfigTable | undefined;
  readonly cwd?: string | undefined;
  readonly env?: EnvironmentOverrides | undefined;
}

/** An app-server as a child of this process: JSON lines on its stdin and stdout. */
export function stdio(options: StdioOptions = {}): Endpoint {
  return {
    name: "stdio",
    outlivesTransport: false,
    async connect(signal) {
      signal.throwIfAborted();
      const { cwd, env } = options;
      const [command, ...args] = commandLine(options);
      const server = await spawnAppServer({ command, args, cwd, env });
      if (signal.aborted) {
        await server.terminate();
        throw signal.reason;
      }
      return new StdioTransport(server);
    },
  };
}

function commandLine({
  codexBin,
  launchArgs,
  config = {},
  env,
}: StdioOptions): [string, ...string[]] {
  const [program, ...rest] = launchArgs ?? [];
  if (program !== undefined) return [program, ...rest];
  const binary = findCodexBinary({ codexBin, env: mergeEnvironment(process.env, env) });
  return [binary, ...configArgs(config), "app-server", "--listen", "stdio://"];
}

/** JSON lines on the pipes of a process. */
export class StdioTransport implements Transport {
  readonly #server: AppServerProcess;
  /** Lines to be written at the end of this turn of the event loop: a write costs more than many lines. */
  #outgoing = "";

  constructor(server: AppServerProcess) {
    this.#server = server;
  }

  listen(events: TransportEvents): void {
    const { stdout, exited } = this.#server;
    const lines = new LineSplitter((line) => events.message(line));
    stdout.on("data", (chunk: Buffer) => lines.push(chunk));
    // A server that has closed its output can say nothing more, even if it goes on.
    stdout.once("end", () => this.close());
    stdout.once("close", async () => {
      lines.end();
      events.closed(this.#closedError(await exited));
    });
  }

  send(text: string): void {
    if (this.#outgoing === "") process.nextTick(() => this.#flush());
    this.#outgoing += `${text}\n`;
  }

  async close(): Promise<void> {
    this.#flush();
    await this.#server.terminate();
  }

  #flush(): void {
    if (this.#outgoing !== "") this.#server.stdin.write(this.#outgoing);
    this.#outgoing = "";
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
