import type {
  GrantedPermissionProfile,
  ReviewDecision,
  ServerRequestParams,
} from "../protocol/index.ts";
import type { ServerRequest } from "../rpc/messages.ts";
import { isRecord } from "../util/describe.ts";
import type { ApprovalRules, Approvals, Handler, RequestContext } from "./handlers.ts";

type Kind = keyof ApprovalRules;

/** An approval's answer, and whether it declined only because nobody said otherwise. */
export interface ApprovalAnswer {
  readonly result: unknown;
  readonly declinedByDefault: boolean;
}

/** The kinds of approvals, each with a rule of its own. */
export const APPROVAL_KINDS: readonly Kind[] = ["command", "fileChange", "permissions", "mcpTool"];

/** Whether the request asks for an approval. */
export function isApproval(request: ServerRequest): boolean {
  return kindOf(request) !== undefined;
}

/** Answers a request for an approval. What no rule names is declined. */
export async function answerApproval(
  approvals: Approvals | undefined,
  request: ServerRequest,
  context: RequestContext,
): Promise<ApprovalAnswer> {
  const kind = kindOf(request);
  const rule = typeof approvals === "string" ? approvals : kind && approvals?.[kind];
  const decision = await decide(rule ?? "decline", request, context);
  return { result: wireAnswer(request, decision), declinedByDefault: rule === undefined };
}

async function decide(rule: unknown, request: ServerRequest, context: RequestContext) {
  if (typeof rule !== "function") return rule;
  const decision = await (rule as Handler<unknown, unknown>)(request.params, context);
  const known = typeof decision === "string" || (typeof decision === "object" && decision !== null);
  if (known) return decision;
  throw new TypeError(
    `The rule for ${request.method} must return a decision such as "accept" or "decline", not ${String(decision)}`,
  );
}

function kindOf({ method, params }: ServerRequest): Kind | undefined {
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
      return isToolApproval(params) ? "mcpTool" : undefined;
    default:
      return undefined;
  }
}

function isToolApproval(params: unknown): boolean {
  const meta = (params as { _meta?: { codex_approval_kind?: unknown } | null } | null)?._meta;
  return meta?.codex_approval_kind === "mcp_tool_call";
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

/** The older requests spell their decisions in another way. */
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

/** The older spelling of an acceptance that also changes the policy. */
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
