import { statSync } from "node:fs";
import path from "node:path";
import { type ParseArgsConfig, parseArgs } from "node:util";

const SANDBOXES = ["read-only", "workspace-write", "danger-full-access"] as const;
const POLICIES = ["untrusted", "on-request", "never"] as const;

/** What the command line asks for. */
export interface Arguments {
  /** Undefined: it comes from stdin. */
  readonly prompt: string | undefined;
  readonly model: string | undefined;
  /** An absolute path. */
  readonly cwd: string;
  readonly sandbox: (typeof SANDBOXES)[number] | undefined;
  readonly approvalPolicy: (typeof POLICIES)[number] | undefined;
  /** Absolute paths. */
  readonly images: readonly string[];
  /** The id of a thread to go on with. */
  readonly resume: string | undefined;
  readonly json: boolean;
}

/** The command was used in a wrong way; the message names the option. */
export class UsageError extends Error {
  override name = "UsageError";
}

const OPTIONS = {
  model: { type: "string", short: "m" },
  cwd: { type: "string", short: "C" },
  sandbox: { type: "string", short: "s" },
  "approval-policy": { type: "string", short: "a" },
  image: { type: "string", short: "i", multiple: true },
  resume: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const satisfies ParseArgsConfig["options"];

/** @throws UsageError */
export function parseArguments(argv: readonly string[]): Arguments | "help" | "version" {
  const { values, positionals } = parse(argv);
  if (values.help) return "help";
  if (values.version) return "version";
  const prompt = positionals.join(" ");
  return {
    prompt: prompt === "" || prompt === "-" ? undefined : prompt,
    model: nonEmpty("--model", values.model),
    cwd: directory(values.cwd ?? "."),
    sandbox: oneOf("--sandbox", SANDBOXES, values.sandbox),
    approvalPolicy: oneOf("--approval-policy", POLICIES, values["approval-policy"]),
    images: (values.image ?? []).map(file),
    resume: nonEmpty("--resume", values.resume),
    json: values.json ?? false,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    // parseArgs adds advice for rarer cases after its first sentence.
    const [message = ""] = String(error instanceof Error ? error.message : error).split(". ");
    throw new UsageError(message);
  }
}

function nonEmpty(option: string, value: string | undefined): string | undefined {
  if (value === "") throw new UsageError(`${option} needs a value, not an empty one`);
  return value;
}

function oneOf<T extends string>(
  option: string,
  known: readonly T[],
  value: string | undefined,
): T | undefined {
  const found = known.find((one) => one === value);
  if (value === undefined || found !== undefined) return found;
  throw new UsageError(`${option} must be ${known.join(", ")}; not ${JSON.stringify(value)}`);
}

function directory(value: string): string {
  const found = statSync(value, { throwIfNoEntry: false });
  if (found?.isDirectory()) return path.resolve(value);
  const fault = found ? "is not a directory" : "does not exist";
  throw new UsageError(`--cwd: ${JSON.stringify(value)} ${fault}`);
}

function file(value: string): string {
  const found = statSync(value, { throwIfNoEntry: false });
  if (found?.isFile()) return path.resolve(value);
  const fault = found ? "is not a file" : "does not exist";
  throw new UsageError(`--image: ${JSON.stringify(value)} ${fault}`);
}
