import {
  boolean,
  type Check,
  func,
  is,
  isObject,
  members,
  milliseconds,
  nonEmpty,
  object,
  orFalse,
  ratio,
  shape,
  show,
  signal,
  string,
  strings,
  wholeFrom,
} from "../util/checks.ts";
import type { CodexOptions } from "./options.ts";

const BACKOFF = { initialDelayMs: milliseconds, maxDelayMs: milliseconds, jitterRatio: ratio };

const CHECKS: Readonly<Record<keyof CodexOptions, Check>> = {
  codexBin: nonEmpty,
  launchArgs: strings,
  config: object,
  cwd: nonEmpty,
  transport: is(
    "an endpoint with a connect function",
    (value) => isObject(value) && "connect" in value && typeof value.connect === "function",
  ),
  env: members("a string", (value) => value === undefined || typeof value === "string"),
  clientName: nonEmpty,
  clientTitle: string,
  clientVersion: nonEmpty,
  experimentalApi: boolean,
  requestTimeoutMs: milliseconds,
  retryOnOverload: orFalse(shape({ maxAttempts: wholeFrom(1), ...BACKOFF, signal })),
  reconnect: orFalse(shape({ maxAttempts: wholeFrom(1), ...BACKOFF, signal })),
  restart: shape({
    maxRestarts: wholeFrom(0),
    withinMs: milliseconds,
    backoff: shape(BACKOFF),
  }),
  turnIdleMs: milliseconds,
  modelRetryMs: milliseconds,
  approvals: checkApprovals,
  handlers: members("a function", (value) => value === undefined || typeof value === "function"),
  onWarning: func,
  signal,
};

/** @throws TypeError that names an option that does not exist or has the wrong type. */
export function checkOptions(options: CodexOptions): void {
  if (!isObject(options))
    throw new TypeError(`Codex options must be an object, not ${show(options)}`);
  for (const [name, value] of Object.entries(options)) {
    const check = Object.hasOwn(CHECKS, name) ? CHECKS[name as keyof CodexOptions] : undefined;
    if (check === undefined) {
      const known = Object.keys(CHECKS).join(", ");
      throw new TypeError(`Codex has no option ${JSON.stringify(name)}; its options are ${known}`);
    }
    const fault = value === undefined ? undefined : check(value);
    if (fault !== undefined) throw new TypeError(`Codex option ${name}${fault}`);
  }
}

function checkApprovals(value: unknown): string | undefined {
  if (value === "accept" || value === "decline") return undefined;
  if (!isObject(value))
    return ` must be "accept", "decline" or an object of rules, not ${show(value)}`;
  for (const [kind, rule] of Object.entries(value)) {
    if (!["command", "fileChange", "permissions", "mcpTool"].includes(kind)) {
      return ` has no kind ${JSON.stringify(kind)}; the kinds are command, fileChange, permissions, mcpTool`;
    }
    const fine =
      rule === undefined || rule === "accept" || rule === "decline" || typeof rule === "function";
    if (!fine) return `.${kind} must be "accept", "decline" or a function, not ${show(rule)}`;
  }
  return undefined;
}
