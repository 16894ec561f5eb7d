import { type ParseArgsConfig, parseArgs } from "node:util";
import { quoteForeign } from "../text/secrets.ts";
import { messageOf } from "../util/describe.ts";
import { configOverride } from "./arguments.ts";
import { directory, file } from "./files.ts";
import { UsageError } from "./usage-error.ts";

/** What is inspected, and where. */
export type InspectArguments = InspectedTrace | InspectedServer | InspectedFleet;

export interface InspectedFleet {
  readonly file: undefined;
  /** The address of the fleet's Redis. */
  readonly fleet: string;
  /** The fleet's name. */
  readonly name: string;
  readonly port: number;
}

export interface InspectedTrace {
  /** The file of a trace: an absolute path. */
  readonly file: string;
  readonly fleet?: undefined;
  readonly port: number;
}

export interface InspectedServer {
  readonly file: undefined;
  readonly fleet?: undefined;
  readonly port: number;
  /** The address of a shared server; undefined: starts a new server. */
  readonly connect: string | undefined;
  /** An absolute path. */
  readonly cwd: string;
  /** Overrides of the configuration: `key=value`, with the value in TOML. */
  readonly config: readonly string[];
  /** Where to write a trace: a file or a folder. */
  readonly trace: string | undefined;
  readonly scripted: boolean;
}

const OPTIONS = {
  connect: { type: "string" },
  cd: { type: "string", short: "C" },
  config: { type: "string", short: "c", multiple: true },
  fleet: { type: "string" },
  name: { type: "string" },
  port: { type: "string" },
  scripted: { type: "boolean" },
  trace: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const satisfies ParseArgsConfig["options"];

/** Options that apply only to a server that the command starts. */
const OF_OWN_SERVER = ["cd", "config", "scripted"] as const;

/** Parses the arguments after `inspect`. @throws UsageError */
export function parseInspectArguments(argv: readonly string[]): InspectArguments | "help" {
  const { values, positionals } = parse(argv);
  if (values.help) return "help";
  const [given, second] = positionals;
  if (second !== undefined) {
    throw new UsageError(
      `inspect: unexpected argument ${JSON.stringify(second)}: pass a single file`,
    );
  }
  const port = values.port === undefined ? 0 : portOf(values.port);
  if (given !== undefined) {
    refuse(values, ["connect", "fleet", "name", ...OF_OWN_SERVER, "trace"], "a trace");
    return { file: file("inspect", given), port };
  }
  const { connect, trace, fleet } = values;
  if (fleet !== undefined) {
    refuse(values, ["connect", ...OF_OWN_SERVER, "trace"], "--fleet");
    return { file: undefined, fleet: redisOf(fleet), name: values.name ?? "fleet", port };
  }
  if (values.name !== undefined) throw new UsageError("inspect: --name needs --fleet");
  if (connect !== undefined) refuse(values, OF_OWN_SERVER, "--connect");
  return {
    ...{ file: undefined, port, connect: connect === undefined ? undefined : addressOf(connect) },
    cwd: directory("--cd", values.cd ?? "."),
    config: (values.config ?? []).map(configOverride),
    trace: trace === "" ? undefined : trace,
    scripted: values.scripted ?? false,
  };
}

type Values = ReturnType<typeof parse>["values"];

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const [first = ""] = messageOf(error).split(/\.\s/);
    throw new UsageError(`inspect: ${first}`);
  }
}

function refuse(values: Values, names: readonly (keyof Values)[], what: string): void {
  const found = names.find((name) => values[name] !== undefined);
  if (found !== undefined)
    throw new UsageError(`inspect: ${what} and --${found} can't be combined`);
}

function portOf(given: string): number {
  const port = Number(given);
  if (/^\d+$/.test(given) && port <= 65_535) return port;
  throw new UsageError(`--port must be a number up to 65535, not ${JSON.stringify(given)}`);
}

function addressOf(given: string): string {
  if (/^(?:wss?|unix):\/\/./.test(given)) return given;
  throw new UsageError(
    `--connect: "${quoteForeign(given)}" isn't an address: write ws://…, wss://… or unix:///path/to.sock`,
  );
}

function redisOf(given: string): string {
  if (/^rediss?:\/\/./.test(given) && URL.canParse(given)) return given;
  throw new UsageError(
    `--fleet: "${quoteForeign(given)}" isn't a Redis address: write redis://… or rediss://…`,
  );
}
