import { once } from "node:events";
import {
  Codex,
  type CodexOptions,
  type CodexWarning,
  type Endpoint,
  unixSocket,
  websocket,
} from "../index.ts";
import { Inspector } from "../inspect/inspector.ts";
import { readLines } from "../trace/read-trace.ts";
import { messageOf } from "../util/describe.ts";
import { type Backend, openBackend } from "./backend.ts";
import type {
  InspectArguments,
  InspectedFleet,
  InspectedServer,
  InspectedTrace,
} from "./inspect-arguments.ts";
import type { Interrupts } from "./interrupts.ts";
import { scriptedDefault } from "./scripted-default.ts";
import { outputLine, show } from "./text.ts";
import { UsageError } from "./usage-error.ts";

/** The variable with the token of a shared server: on the command line every user could read it. */
const TOKEN_VARIABLE = "CODEX_APP_SERVER_TOKEN";
/** The variables with the password of a fleet's Redis, and with its encryption key. */
const FLEET_PASSWORD = "CODEX_FLEET_PASSWORD";
const FLEET_KEY = "CODEX_FLEET_KEY";

/** Serves the inspector's page until the command is interrupted; resolves with the exit code. */
export async function inspect(args: InspectArguments, interrupts: Interrupts): Promise<number> {
  const { signal } = interrupts;
  if (args.file !== undefined) await inspectTrace(args, signal);
  else if (args.fleet !== undefined) await inspectFleet(args, signal);
  else await inspectServer(args, signal);
  return 0;
}

async function inspectTrace({ file, port }: InspectedTrace, signal: AbortSignal): Promise<void> {
  try {
    readLines(file);
  } catch (error) {
    throw new UsageError(`inspect: ${messageOf(error)}`);
  }
  const source = { kind: "trace", file } as const;
  await using inspector = await Inspector.start({ source, port, keepAlive: true });
  printLink(inspector.newLink());
  await aborted(signal);
}

async function inspectFleet(args: InspectedFleet, signal: AbortSignal): Promise<void> {
  const { name, port } = args;
  const address = new URL(args.fleet);
  const { [FLEET_PASSWORD]: password, [FLEET_KEY]: encryptionKey } = process.env;
  if (password && address.password === "") address.password = encodeURIComponent(password);
  const { Fleet } = await fleetModule();
  await using fleet = new Fleet({
    ...{ connection: address.href, name, onWarning: printWarning },
    ...(encryptionKey && { encryptionKey }),
  });
  const source = { kind: "fleet", fleet, name } as const;
  await using inspector = await Inspector.start({ source, port, keepAlive: true });
  printLink(inspector.newLink());
  await aborted(signal);
}

/** Loads the fleet's module, whose packages are optional. @throws UsageError */
async function fleetModule(): Promise<typeof import("../fleet/index.ts")> {
  try {
    return await import("../fleet/index.ts");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new UsageError(
      "inspect: --fleet needs two more packages: run `npm install bullmq ioredis`",
    );
  }
}

async function inspectServer(args: InspectedServer, signal: AbortSignal): Promise<void> {
  let failed: (error: Error) => void = () => {};
  const failure = new Promise<never>((_resolve, reject) => {
    failed = reject;
  });
  failure.catch(() => {});
  const options: CodexOptions = {
    approvals: "ask",
    trace: args.trace,
    inspect: { port: args.port, onLink: printLink },
    onWarning: (warning) => {
      if (warning.code === "INSPECT_FAILED") failed(warning);
      else printWarning(warning);
    },
    signal,
  };
  await using backend = await open(args, options);
  const ended = backend.codex.closed.then((error) => {
    if (error && !signal.aborted) throw error;
  });
  await Promise.race([aborted(signal), failure, ended]);
}

async function open(args: InspectedServer, options: CodexOptions): Promise<Backend> {
  const { connect, cwd, config, scripted } = args;
  if (connect === undefined) {
    const own = { ...options, cwd };
    return openBackend(
      {
        ...{ real: own, scripted: own, script: scriptedDefault, overrides: config },
        useScript: scripted ? "always" : "never",
      },
      process.env,
    );
  }
  const codex = await Codex.start({ ...options, transport: endpointOf(connect) });
  return { codex, scripted: false, [Symbol.asyncDispose]: () => codex.close() };
}

function endpointOf(address: string): Endpoint {
  if (address.startsWith("unix://")) return unixSocket(address.slice("unix://".length));
  const token = process.env[TOKEN_VARIABLE];
  return websocket(address, token ? { token } : {});
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
}

function printLink(link: string): void {
  process.stdout.write(show`Open ${outputLine(link)}\n`);
  process.stderr.write("Ctrl-C ends the inspector.\n");
}

function printWarning({ message }: CodexWarning): void {
  process.stderr.write(show`${outputLine(message)}\n`);
}
