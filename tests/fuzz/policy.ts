import type { Answer } from "./asks.ts";

/** The kinds of approvals, by what the `approvals` option calls them. */
export type ApprovalKind = "command" | "fileChange" | "permissions" | "mcpTool";

export type Decision = "accept" | "decline";

/** How the client of a seed must answer approvals. */
export interface Policy {
  /** The option for this kind: a decision, or a rule that decides. */
  of(kind: ApprovalKind): Decision | "rule";
  /** Whether requests may be left to the user, in `codex.requests`. */
  readonly mayAsk: boolean;
  /** What the rules decided, by the id of the request; undefined if the rule failed. */
  readonly decided: Map<unknown, Decision | undefined>;
  /** The tool calls that reached their tool. */
  readonly called: Set<unknown>;
}

/**
 * Returns the fault of the answer to an approval; undefined if there is none. A client that can't
 * know that a request is an approval must not grant it.
 */
export function judgeApproval(
  policy: Policy,
  kind: ApprovalKind,
  askId: number,
  answer: Answer,
  mustKnow: boolean,
): string | undefined {
  const accepts = isAcceptance(kind, answer);
  if (!accepts && !mustKnow) return undefined;
  const shown = JSON.stringify(answer);
  let wanted: Decision | undefined;
  const option = policy.of(kind);
  if (option !== "rule") wanted = option;
  else if (policy.decided.has(askId)) wanted = policy.decided.get(askId) ?? "decline";
  if (wanted === undefined) {
    return `[approvals] ${kind} was answered without its rule: ${shown}`;
  }
  if (accepts === (wanted === "accept")) return undefined;
  return `[approvals] ${kind} was answered with ${shown} instead of ${wanted}`;
}

/** Decisions of current servers, and the names that older ones use. */
function isAccepting(decision: unknown): boolean {
  if (typeof decision === "string") return decision === "accept" || decision === "approved";
  const { acceptWithExecpolicyAmendment: today, approved_execpolicy_amendment: older } =
    (decision ?? {}) as Record<string, unknown>;
  return today !== undefined || older !== undefined;
}

function isAcceptance(kind: ApprovalKind, { result }: Answer): boolean {
  const { decision, action, permissions } = (result ?? {}) as {
    decision?: unknown;
    action?: unknown;
    permissions?: object;
  };
  switch (kind) {
    case "command":
    case "fileChange":
      return isAccepting(decision);
    case "mcpTool":
      return action === "accept";
    case "permissions":
      return Object.keys(permissions ?? {}).length > 0;
  }
}
