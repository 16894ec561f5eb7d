import { type ParseArgsConfig, parseArgs } from "node:util";
import type { JsonSchema } from "../input/schema.ts";
import { messageOf } from "../util/describe.ts";
import { directory, file, fileToWrite, schemaIn } from "./files.ts";
import { UsageError } from "./usage-error.ts";

const SANDBOXES = ["read-only", "workspace-write", "danger-full-access"] as const;
const POLICIES = ["untrusted", "on-request", "never"] as const;

/** The parsed command line. */
export interface Arguments {
  /** Undefined if it must be read from stdin. */
  readonly prompt: string | undefined;
  readonly model: string | undefined;
  /** An absolute path. */
  readonly cwd: string;
  readonly sandbox: (typeof SANDBOXES)[number] | undefined;
  readonly approvalPolicy: (typeof POLICIES)[number] | undefined;
  /** Overrides of the configuration: `key=value`, with the value in TOML. */
  readonly config: readonly string[];
  /** Absolute paths. */
  readonly images: readonly string[];
  readonly outputSchema: JsonSchema | undefined;
  /** The file for the answer: an absolute path. */
  readonly outputFile: string | undefined;
  /** The thread to continue: an id, or the newest thread of the directory. */
  readonly resume: { readonly id: string } | "last" | undefined;
  /** Where to write a trace: a file or a folder. */
  readonly trace: string | undefined;
  readonly scripted: boolean;
  readonly json: boolean;
}

const OPTIONS = {
  model: { type: "string", short: "m" },
  cd: { type: "string", short: "C" },
  sandbox: { type: "string", short: "s" },
  "ask-for-approval": { type: "string", short: "a" },
  config: { type: "string", short: "c", multiple: true },
  image: { type: "string", short: "i", multiple: true },
  resume: { type: "string" },
  last: { type: "boolean" },
  "output-schema": { type: "string" },
  "output-last-message": { type: "string", short: "o" },
  trace: { type: "string" },
  json: { type: "boolean" },
  scripted: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "V" },
  // The names of version 0.1.
  cwd: { type: "string" },
  "approval-policy": { type: "string" },
} as const satisfies ParseArgsConfig["options"];

/** @throws UsageError */
export function parseArguments(argv: readonly string[]): Arguments | "help" | "version" {
  const { values, tokens } = parse(argv);
  if (values.help) return "help";
  if (values.version) return "version";
  const { cwd: oldCwd, "approval-policy": oldPolicy } = values;
  return {
    prompt: promptOf(tokens),
    model: nonEmpty("--model", values.model),
    cwd: directory("--cd", values.cd ?? oldCwd ?? "."),
    sandbox: oneOf("--sandbox", SANDBOXES, values.sandbox),
    approvalPolicy: oneOf("--ask-for-approval", POLICIES, values["ask-for-approval"] ?? oldPolicy),
    config: (values.config ?? []).map(configOverride),
    images: (values.image ?? []).map((image) => file("--image", image)),
    outputSchema: map(values["output-schema"], (given) => schemaIn("--output-schema", given)),
    resume: resumed(values),
    outputFile: map(values["output-last-message"], (given) =>
      fileToWrite("--output-last-message", given),
    ),
    trace: nonEmpty("--trace", values.trace),
    scripted: values.scripted ?? false,
    json: values.json ?? false,
  };
}

/** Whether the output must be JSON even if the rest of the command line is wrong. */
export function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  return argv.slice(0, end === -1 ? argv.length : end).includes("--json");
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, tokens: true });
  } catch (error) {
    const message = messageOf(error);
    const dashed = /^Option '([^']+)' argument is ambiguous/.exec(message)?.[1];
    // After its first sentence, parseArgs adds advice for rare cases.
    const [first = ""] = message.split(/\.\s/);
    throw new UsageError(
      dashed
        ? `${dashed} needs a value; if the value starts with a dash, write ${dashed}=-x`
        : first,
    );
  }
}

type Given = ReturnType<typeof parse>["values"];
type Tokens = ReturnType<typeof parse>["tokens"];

/** Commands of `codex`, each with what to do instead. */
const COMMANDS: ReadonlyMap<string, string> = new Map([
  ["exec", 'leave it out: codex-app-server "PROMPT"'],
  ["e", 'leave it out: codex-app-server "PROMPT"'],
  ["resume", "use --resume ID, or --last"],
  ["help", "use --help"],
  ...["login", "logout", "mcp", "review", "fork", "apply", "archive", "doctor", "update"].map(
    (name) => [name, `run "npx @openai/codex ${name}"`] as const,
  ),
]);

function promptOf(tokens: Tokens): string | undefined {
  const end = tokens.find(({ kind }) => kind === "option-terminator")?.index ?? Infinity;
  const [first, second] = tokens.filter((token) => token.kind === "positional");
  if (first === undefined) return undefined;
  const { value, index } = first;
  const instead = index < end ? COMMANDS.get(value) : undefined;
  if (instead !== undefined) {
    throw new UsageError(
      `${JSON.stringify(value)} is a codex command, not a prompt: ${instead}. ` +
        `To use the word as a prompt, put "--" before it.`,
    );
  }
  if (second !== undefined) {
    throw new UsageError(
      `unexpected argument ${JSON.stringify(second.value)}: put the whole prompt in quotes`,
    );
  }
  return value === "" || value === "-" ? undefined : value;
}

function nonEmpty(option: string, value: string | undefined): string | undefined {
  if (value === "") throw new UsageError(`${option} needs a value, but got an empty one`);
  return value;
}

function oneOf<T extends string>(
  option: string,
  known: readonly T[],
  value: string | undefined,
): T | undefined {
  const found = known.find((one) => one === value);
  if (value === undefined || found !== undefined) return found;
  throw new UsageError(`${option} must be ${or(known)}, not ${JSON.stringify(value)}`);
}

function or(words: readonly string[]): string {
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

/** @throws UsageError if `value` isn't a setting. */
export function configOverride(value: string): string {
  if (/^\s*[^\s=][^=]*=/.test(value)) return value;
  throw new UsageError(
    `--config: ${JSON.stringify(value)} isn't a setting: write key=value, such as model="gpt-5.5"`,
  );
}

function resumed({ resume: id, last, scripted }: Given): Arguments["resume"] {
  if (id === undefined && !last) return undefined;
  if (id !== undefined && last) throw new UsageError("use either --resume or --last, not both");
  if (scripted) {
    throw new UsageError(
      `${last ? "--last" : "--resume"} can't be combined with --scripted: a scripted run doesn't store threads`,
    );
  }
  if (id === undefined) return "last";
  if (/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id)) return { id };
  throw new UsageError(
    `--resume: ${JSON.stringify(id)} isn't a thread id. An id looks like ` +
      "01a21621-4e32-7d93-95cc-a59aa325f11f; each turn prints its thread's id when it ends.",
  );
}

function map<T>(value: string | undefined, read: (value: string) => T): T | undefined {
  return value === undefined ? undefined : read(value);
}
