import { RETRY_CHECKS } from "../errors/retry.ts";
import { LAUNCH_CHECKS } from "../process/launch-options.ts";
import { APPROVAL_KINDS } from "../session/approvals.ts";
import { copyMembers } from "../session/copy-members.ts";
import { RECONNECT_CHECKS, RESTART_CHECKS } from "../session/recovery-policy.ts";
import { traceCheck } from "../trace/options.ts";
import { messageBytes } from "../transport/message-limit.ts";
import {
  boolean,
  type Check,
  func,
  isObject,
  isThing,
  members,
  milliseconds,
  nonEmpty,
  orBoolean,
  requireOptions,
  shape,
  show,
  signal,
  string,
  strings,
} from "../util/checks.ts";
import type { CodexOptions } from "./options.ts";

const port = isThing(
  "a number from 0 to 65535",
  (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 65_535,
);

const CHECKS: Readonly<Record<keyof CodexOptions, Check>> = {
  ...LAUNCH_CHECKS,
  launchArgs: strings,
  apiKey: isThing("a non-empty string", (value) => typeof value === "string" && value !== ""),
  chatgptTokens: func,
  keepAlive: boolean,
  transport: isThing(
    "an endpoint with a connect function",
    (value) => isObject(value) && "connect" in value && typeof value.connect === "function",
  ),
  maxMessageBytes: messageBytes,
  clientName: nonEmpty,
  clientTitle: string,
  clientVersion: nonEmpty,
  experimentalApi: boolean,
  requestTimeoutMs: milliseconds,
  retryOnOverload: orBoolean(shape(RETRY_CHECKS)),
  reconnect: orBoolean(shape(RECONNECT_CHECKS)),
  restart: orBoolean(shape(RESTART_CHECKS)),
  turnIdleMs: milliseconds,
  modelRetryMs: milliseconds,
  approvals: checkApprovals,
  handlers: checkHandlers,
  trace: traceCheck,
  inspect: orBoolean(shape({ port, onLink: func })),
  onWarning: func,
  signal,
};

/** @throws TypeError that names an unknown option, or a value of the wrong type. */
export function checkOptions(options: CodexOptions): void {
  requireOptions("Codex", options, CHECKS);
  checkCredentials(options);
}

/** Refuses credentials for a shared server: it may have other users, so this client must not change what it stores. */
function checkCredentials(options: CodexOptions): void {
  const given = CREDENTIALS.filter((name) => options[name] !== undefined);
  const [credential, other] = given;
  if (other !== undefined) {
    throw new TypeError(`Codex: set ${credential} or ${other}, not both`);
  }
  const foreign = (["transport", "launchArgs"] as const).find((name) => options[name]);
  if (credential === undefined || foreign === undefined) return;
  throw new TypeError(
    `Codex: ${credential} needs a server that this client starts, but ${foreign} is set. ` +
      "Log in with codex.account.login() instead; the server decides where it stores the credentials",
  );
}

const CREDENTIALS = ["apiKey", "chatgptTokens"] as const;

const functions = members("a function", (value) => typeof value === "function");

/** Checks inherited members too, because an instance of a class can be given. */
function checkHandlers(value: unknown): string | undefined {
  return functions(isObject(value) ? Object.fromEntries(copyMembers(value)) : value);
}

function checkApprovals(value: unknown): string | undefined {
  if (isAnswer(value)) return undefined;
  if (!isObject(value))
    return ` must be "accept", "decline", "ask" or an object of rules, not ${show(value)}`;
  const kinds: readonly string[] = [...APPROVAL_KINDS, "questions"];
  for (const [kind, rule] of copyMembers(value)) {
    if (!kinds.includes(kind)) {
      return ` has no kind ${JSON.stringify(kind)}; the kinds are ${kinds.join(", ")}`;
    }
    if (kind === "questions") {
      if (rule !== "ask") return `.questions must be "ask", not ${show(rule)}`;
    } else if (!isAnswer(rule) && typeof rule !== "function") {
      return `.${kind} must be "accept", "decline", "ask" or a function, not ${show(rule)}`;
    }
  }
  return undefined;
}

function isAnswer(rule: unknown): boolean {
  return rule === "accept" || rule === "decline" || rule === "ask";
}
