import { parseArgs } from "node:util";
import { messageOf } from "../util/describe.ts";
import { file } from "./files.ts";
import { UsageError } from "./usage-error.ts";

/** The view of a trace. */
export interface TraceArguments {
  /** An absolute path. */
  readonly file: string;
  readonly show: "summary" | "timeline" | { readonly grep: RegExp };
}

const OPTIONS = {
  timeline: { type: "boolean" },
  grep: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

/** Reads the arguments after the word `trace`. @throws UsageError */
export function parseTraceArguments(argv: readonly string[]): TraceArguments | "help" {
  const { values, positionals } = parse(argv);
  if (values.help) return "help";
  const [given, second] = positionals;
  if (given === undefined) {
    throw new UsageError(
      'trace: pass a trace file. To use the word as a prompt, put "--" before it.',
    );
  }
  if (second !== undefined) {
    throw new UsageError(
      `trace: unexpected argument ${JSON.stringify(second)}: pass a single file`,
    );
  }
  const { timeline, grep } = values;
  if (timeline && grep !== undefined) {
    throw new UsageError("trace: use either --timeline or --grep, not both");
  }
  const found = file("trace", given);
  if (grep !== undefined) return { file: found, show: { grep: pattern(grep) } };
  return { file: found, show: timeline ? "timeline" : "summary" };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const [first = ""] = messageOf(error).split(/\.\s/);
    throw new UsageError(`trace: ${first}`);
  }
}

function pattern(given: string): RegExp {
  try {
    return new RegExp(given, "i");
  } catch (error) {
    throw new UsageError(
      `--grep: ${JSON.stringify(given)} isn't a regular expression: ${messageOf(error)}`,
    );
  }
}
