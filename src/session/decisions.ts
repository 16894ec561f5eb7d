import { quoteForeign } from "../text/secrets.ts";
import { isRecord } from "../util/describe.ts";
import type { ApprovalKind } from "./handlers.ts";

/** A decision on a request, as `availableDecisions` lists them. */
export type Decision = string | Readonly<Record<string, unknown>>;

const FILE_CHANGE: readonly string[] = ["accept", "acceptForSession", "decline", "cancel"];

/** The names of the decisions of each kind of approval. */
const NAMES: Readonly<Record<ApprovalKind, readonly string[]>> = {
  command: [...FILE_CHANGE, "acceptWithExecpolicyAmendment", "applyNetworkPolicyAmendment"],
  fileChange: FILE_CHANGE,
  permissions: ["accept", "decline"],
  mcpTool: ["accept", "decline", "cancel"],
};

/** What to send instead of a decision that a request doesn't offer; it never grants more. */
const NARROWER: Readonly<Record<string, readonly string[]>> = {
  acceptForSession: ["accept"],
  acceptWithExecpolicyAmendment: ["accept"],
  applyNetworkPolicyAmendment: ["accept"],
  cancel: ["decline"],
};

export interface CheckedDecision {
  readonly decision: Decision;
  /** The problem with the rule's decision. */
  readonly fault?: string | undefined;
}

/**
 * The decision to send for a rule's decision. It is the rule's decision if that is valid for the kind and offered by
 * the request; otherwise it is the nearest offered one that grants no more. An invalid value becomes "decline",
 * which can always be sent: the server accepts it even if it doesn't list it. The turn then continues, whereas
 * "cancel" would end it.
 */
export function checkedDecision(
  kind: ApprovalKind,
  decided: unknown,
  available: unknown,
): CheckedDecision {
  const offered = offeredNames(available);
  const name = nameOf(kind, decided);
  if (name === undefined) {
    const valid = offered ?? NAMES[kind];
    return { decision: "decline", fault: `isn't a decision; the valid ones are ${listed(valid)}` };
  }
  if (offered === undefined || name === "decline" || offered.includes(name))
    return { decision: decided as Decision };
  const narrower = narrowerThan(name, decided).find((one) => offered.includes(one));
  if (narrower !== undefined) return { decision: narrower };
  const fault = `isn't offered by this request, which offers ${listed(offered)}`;
  return { decision: "decline", fault };
}

function narrowerThan(name: string, decided: unknown): readonly string[] {
  return blocksHost(decided) ? ["decline"] : (NARROWER[name] ?? []);
}

/** Whether the decision is a network rule that blocks its host, which also refuses the request. */
function blocksHost(decided: unknown): boolean {
  const change = isRecord(decided) ? decided.applyNetworkPolicyAmendment : undefined;
  if (!isRecord(change)) return false;
  const { network_policy_amendment: rule } = change;
  return !isRecord(rule) || rule.action !== "allow";
}

/** The names in one line. They come from the server and can be anything. */
function listed(names: readonly string[]): string {
  if (names.length === 0) return "nothing";
  return quoteForeign(names.map((name) => `"${name}"`).join(", "));
}

/** The name of a decision: the string itself, or the only member of an object. */
function nameOf(kind: ApprovalKind, decided: unknown): string | undefined {
  const names = NAMES[kind];
  if (typeof decided === "string") return names.includes(decided) ? decided : undefined;
  if (!isRecord(decided)) return undefined;
  // Permissions can also be granted partially, with the protocol's own answer.
  if (kind === "permissions") return isRecord(decided.permissions) ? "accept" : undefined;
  const [key, ...more] = Object.keys(decided);
  if (key === undefined || more.length > 0 || !isRecord(decided[key])) return undefined;
  return isAmendment(key) && names.includes(key) ? key : undefined;
}

function offeredNames(available: unknown): string[] | undefined {
  if (available === undefined || available === null) return undefined;
  // If the value isn't a list, the request offers nothing.
  if (!Array.isArray(available)) return [];
  return available.flatMap((one) =>
    typeof one === "string" ? [one] : Object.keys(Object(one)).filter(isAmendment).slice(0, 1),
  );
}

function isAmendment(name: string): boolean {
  return name.endsWith("Amendment");
}
