import { parseArgs } from "node:util";
import { messageOf } from "../util/describe.ts";
import { file } from "./files.ts";
import { UsageError } from "./usage-error.ts";

/** What is inspected. */
export interface InspectArguments {
  /** The file of a trace: an absolute path. Undefined: a server. */
  readonly file: string | undefined;
  readonly port: number;
}

const OPTIONS = {
  port: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

/** Reads what follows the word `inspect`. @throws UsageError */
export function parseInspectArguments(argv: readonly string[]): InspectArguments | "help" {
  const { values, positionals } = parse(argv);
  if (values.help) return "help";
  const [given, second] = positionals;
  if (second !== undefined) {
    throw new UsageError(`inspect: unexpected argument ${JSON.stringify(second)}: name one file`);
  }
  return {
    file: given === undefined ? undefined : file("inspect", given),
    port: values.port === undefined ? 0 : portOf(values.port),
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const [first = ""] = messageOf(error).split(/\.\s/);
    throw new UsageError(`inspect: ${first}`);
  }
}

function portOf(given: string): number {
  const port = Number(given);
  if (/^\d+$/.test(given) && port <= 65_535) return port;
  throw new UsageError(`--port must be a number up to 65535, not ${JSON.stringify(given)}`);
}
