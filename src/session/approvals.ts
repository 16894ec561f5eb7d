import type {
  GrantedPermissionProfile,
  ReviewDecision,
  ServerRequestParams,
} from "../protocol/index.ts";
import type { ServerRequest } from "../rpc/messages.ts";
import { describe, isRecord } from "../util/describe.ts";
import { checkedDecision } from "./decisions.ts";
import type { ApprovalKind, Approvals, Handler, RequestContext } from "./handlers.ts";

export interface ApprovalAnswer {
  readonly result: unknown;
  /** Whether the request was declined because there is no rule. */
  readonly isDefault: boolean;
  /** The problem with the rule's decision. */
  readonly fault: string | undefined;
}

/** The kinds of approvals; each can have a rule. */
export const APPROVAL_KINDS: readonly ApprovalKind[] = [
  "command",
  "fileChange",
  "permissions",
  "mcpTool",
];

/** The kind of approval that a request asks for; undefined if it isn't an approval. */
export function approvalKind(
  { method }: ServerRequest,
  { item }: Pick<RequestContext, "item">,
): ApprovalKind | undefined {
  switch (method) {
    case "item/commandExecution/requestApproval":
    case "execCommandApproval":
      return "command";
    case "item/fileChange/requestApproval":
    case "applyPatchApproval":
      return "fileChange";
    case "item/permissions/requestApproval":
      return "permissions";
    case "mcpServer/elicitation/request":
      // The item of an elicitation is the tool call that it asks to approve; see
      // `approvedToolCall`.
      return item?.type === "mcpToolCall" ? "mcpTool" : undefined;
    default:
      return undefined;
  }
}

/** Answers an approval of this kind, unless its rule returns "ask". Without a rule it is declined. */
export async function answerApproval(
  approvals: Approvals | undefined,
  kind: ApprovalKind,
  request: ServerRequest,
  context: RequestContext,
): Promise<ApprovalAnswer | "ask"> {
  const rule = typeof approvals === "string" ? approvals : approvals?.[kind];
  const decided =
    typeof rule === "function"
      ? await (rule as Handler<unknown, unknown>)(request.params, context)
      : (rule ?? "decline");
  if (decided === "ask") return "ask";
  const available = isRecord(request.params) ? request.params.availableDecisions : undefined;
  const { decision, fault } = checkedDecision(kind, decided, available);
  return {
    result: wireAnswer(request, decision),
    isDefault: rule === undefined,
    fault: fault && `The rule approvals.${kind} returned ${describe(decided)}, which ${fault}`,
  };
}

function wireAnswer({ method, params }: ServerRequest, decision: unknown): unknown {
  switch (method) {
    case "execCommandApproval":
    case "applyPatchApproval":
      return { decision: reviewDecision(decision) };
    case "item/permissions/requestApproval":
      return permissionsAnswer(
        params as ServerRequestParams["item/permissions/requestApproval"],
        decision,
      );
    case "mcpServer/elicitation/request":
      return { action: decision === "accept" ? "accept" : "decline", content: null, _meta: null };
    default:
      return { decision };
  }
}

/** The decision in the form that older requests use. */
function reviewDecision(decision: unknown): ReviewDecision {
  switch (decision) {
    case "accept":
      return "approved";
    case "acceptForSession":
      return "approved_for_session";
    case "cancel":
      return "abort";
    default:
      return amendmentDecision(decision) ?? { denied: { rejection: "The user declined." } };
  }
}

/** An acceptance that also changes the policy, in the form that older requests use. */
function amendmentDecision(decision: unknown): ReviewDecision | undefined {
  if (!isRecord(decision)) return undefined;
  const { acceptWithExecpolicyAmendment: policy, applyNetworkPolicyAmendment: network } = decision;
  if (isRecord(policy)) {
    const { execpolicy_amendment } = policy;
    return {
      approved_execpolicy_amendment: { proposed_execpolicy_amendment: execpolicy_amendment },
    } as ReviewDecision;
  }
  if (isRecord(network)) return { network_policy_amendment: network } as unknown as ReviewDecision;
  return undefined;
}

function permissionsAnswer(
  { permissions }: ServerRequestParams["item/permissions/requestApproval"],
  decision: unknown,
): unknown {
  if (typeof decision !== "string") return decision;
  const granted: GrantedPermissionProfile = {};
  if (decision === "accept") {
    if (permissions.network) granted.network = permissions.network;
    if (permissions.fileSystem) granted.fileSystem = permissions.fileSystem;
  }
  return { permissions: granted, scope: "turn" };
}
