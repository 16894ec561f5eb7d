import { quoteForeign } from "../text/secrets.ts";
import { isRecord } from "../util/describe.ts";
import type { ApprovalRules } from "./handlers.ts";

/** Decisions that a request can be answered with, as `availableDecisions` lists them. */
export type Decision = string | Readonly<Record<string, unknown>>;

const FILE_CHANGE: readonly string[] = ["accept", "acceptForSession", "decline", "cancel"];

/** The decisions that each kind of approval knows, by the name of the decision. */
const NAMES: Readonly<Record<keyof ApprovalRules, readonly string[]>> = {
  command: [...FILE_CHANGE, "acceptWithExecpolicyAmendment", "applyNetworkPolicyAmendment"],
  fileChange: FILE_CHANGE,
  permissions: ["accept", "decline"],
  mcpTool: ["accept", "decline", "cancel"],
};

/** What to use where the request doesn't offer a decision: never more than was decided. */
const NARROWER: Readonly<Record<string, readonly string[]>> = {
  acceptForSession: ["accept"],
  acceptWithExecpolicyAmendment: ["accept"],
  applyNetworkPolicyAmendment: ["accept"],
  cancel: ["decline"],
};

export interface CheckedDecision {
  readonly decision: Decision;
  /** What was wrong with the one that was given. */
  readonly fault?: string | undefined;
}

/**
 * The decision to send for the one that a rule has made: itself if the kind knows it and the request
 * offers it, else the nearest one that grants no more. What is no decision declines. "decline" is
 * always sent: the server takes it although it often doesn't list it, and the turn continues, where
 * "cancel" would end it.
 */
export function checkedDecision(
  kind: keyof ApprovalRules,
  decided: unknown,
  available: unknown,
): CheckedDecision {
  const offered = offeredNames(available);
  const name = nameOf(kind, decided);
  if (name === undefined) {
    const valid = offered ?? NAMES[kind];
    return { decision: "decline", fault: `is no decision; the valid ones are ${listed(valid)}` };
  }
  if (offered === undefined || name === "decline" || offered.includes(name))
    return { decision: decided as Decision };
  const narrower = NARROWER[name]?.find((one) => offered.includes(one));
  if (narrower !== undefined) return { decision: narrower };
  const fault = `is not offered by this request, which offers ${listed(offered)}`;
  return { decision: "decline", fault };
}

/** The server may have made them up. */
function listed(names: readonly string[]): string {
  return quoteForeign(names.map((name) => `"${name}"`).join(", "));
}

/** The name of a decision: a string's own, or the one member of an object. */
function nameOf(kind: keyof ApprovalRules, decided: unknown): string | undefined {
  const names = NAMES[kind];
  if (typeof decided === "string") return names.includes(decided) ? decided : undefined;
  if (!isRecord(decided)) return undefined;
  // Permissions can also be granted in part, as the protocol's own answer.
  if (kind === "permissions") return isRecord(decided.permissions) ? "accept" : undefined;
  const [key, ...more] = Object.keys(decided);
  if (key === undefined || more.length > 0 || !isRecord(decided[key])) return undefined;
  return key.endsWith("Amendment") && names.includes(key) ? key : undefined;
}

function offeredNames(available: unknown): string[] | undefined {
  if (!Array.isArray(available) || available.length === 0) return undefined;
  return available.flatMap((one) =>
    typeof one === "string" ? [one] : isRecord(one) ? Object.keys(one).slice(0, 1) : [],
  );
}
