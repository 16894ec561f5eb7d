import { visibleJsonLine } from "../text/json-text.ts";
import { escapeLine } from "../text/visible.ts";
import type { RequestOption, RequestSection } from "./description.ts";
import type { Members } from "./members.ts";
import { exactJsonSections, exactSections, jsonSection } from "./sections.ts";

/** A decision of the protocol's approvals, and its form in older requests. */
interface Decision {
  readonly label: string;
  readonly effect: "accept" | "refuse";
  readonly review: unknown;
}

const DECISIONS: ReadonlyMap<string, Decision> = new Map<string, Decision>([
  ["accept", { label: "yes, this once", effect: "accept", review: "approved" }],
  [
    "acceptForSession",
    {
      label: "yes, and don't ask again for this in this session",
      effect: "accept",
      review: "approved_for_session",
    },
  ],
  [
    "decline",
    {
      label: "no; the agent continues without it",
      effect: "refuse",
      review: { denied: { rejection: "The user declined." } },
    },
  ],
  ["cancel", { label: "no, and stop the turn", effect: "refuse", review: "abort" }],
]);

const SESSION_FILES = "yes, and don't ask again about these files in this session";

const DECLINE: RequestOption = option("decline");

/**
 * The options for the decisions that the request lists, in its order, and a section for decisions
 * that this package doesn't know. If the request lists none: the usual ones, and the ones that it
 * proposes.
 */
export function listedOptions(
  params: Members,
  proposed: readonly unknown[] = [],
): { readonly options: readonly RequestOption[]; readonly unknown: readonly RequestSection[] } {
  const [accept, acceptForSession, ...refusals] = DECISIONS.keys();
  const usual = [accept, acceptForSession, ...proposed, ...refusals];
  // A list of the wrong type allows nothing.
  const silent = params.has("availableDecisions") ? [] : usual;
  const options: RequestOption[] = [];
  const counts = new Map<string, number>();
  const unknown: unknown[] = [];
  for (const decision of params.list("availableDecisions") ?? silent) {
    const known = decisionOption(decision);
    if (known === undefined) {
      unknown.push(decision);
      continue;
    }
    const count = (counts.get(known.id) ?? 0) + 1;
    counts.set(known.id, count);
    options.push(count === 1 ? known : { ...known, id: `${known.id}-${count}` });
  }
  const label = "Decisions that this program doesn't know, and doesn't offer";
  return { options, unknown: unknown.length > 0 ? [jsonSection("unknown", label, unknown)] : [] };
}

/** The options of `execCommandApproval` and `applyPatchApproval`. */
export function reviewOptions(): RequestOption[] {
  return [...DECISIONS].map(([id, { review }]) => ({
    ...option(id),
    answer: { decision: review },
  }));
}

/** The mildest refusal. If none is listed, a decline, which the server accepts anyway. */
export function refusalAmong<Option extends Pick<RequestOption, "id">>(
  options: readonly Option[],
): Option | RequestOption {
  const find = (wanted: string) => options.find(({ id }) => id === wanted);
  return find("decline") ?? find("cancel") ?? DECLINE;
}

/** Accepting changes to files for the session also accepts other changes to the same files. */
export function forFiles(
  options: readonly RequestOption[],
  paths: readonly unknown[],
): readonly RequestOption[] {
  const label = "In this session, allows changing and deleting";
  const [path, ...more] = new Set(paths.filter((one) => typeof one === "string"));
  if (path === undefined) return options;
  const grants =
    more.length === 0
      ? exactSections(label, path, "context")
      : exactJsonSections(label, [path, ...more], "context");
  return options.map((one) =>
    one.id.startsWith("acceptForSession")
      ? { ...one, label: escapeLine(SESSION_FILES), grants: [...one.grants, ...grants] }
      : one,
  );
}

function option(id: string): RequestOption {
  const { label, effect } = DECISIONS.get(id) ?? { label: id, effect: "refuse" };
  return {
    id,
    label: escapeLine(label),
    effect,
    grants: [],
    lasting: false,
    decision: id,
    answer: { decision: id },
  };
}

function decisionOption(decision: unknown): RequestOption | undefined {
  if (typeof decision === "string") return DECISIONS.has(decision) ? option(decision) : undefined;
  return policyOption(decision) ?? networkOption(decision);
}

function policyOption(decision: unknown): RequestOption | undefined {
  const amendment = only(only(decision, "acceptWithExecpolicyAmendment"), "execpolicy_amendment");
  const isRule = Array.isArray(amendment) && amendment.every((word) => typeof word === "string");
  if (!isRule || amendment.length === 0) return undefined;
  const label = "Always allows, without asking, commands that start with";
  return {
    id: "acceptWithExecpolicyAmendment",
    label: escapeLine("yes, and always allow commands that start this way"),
    effect: "accept",
    grants: exactJsonSections(label, amendment, "context").map((section) =>
      section.format === "json" ? { ...section, text: visibleJsonLine(amendment) } : section,
    ),
    lasting: true,
    decision,
    answer: { decision },
  };
}

function networkOption(decision: unknown): RequestOption | undefined {
  const amendment = only(only(decision, "applyNetworkPolicyAmendment"), "network_policy_amendment");
  const { host, action, ...rest } = Object(amendment) as Readonly<Record<string, unknown>>;
  const isRule = typeof host === "string" && (action === "allow" || action === "deny");
  if (!isRule || Object.keys(rest).length > 0) return undefined;
  const isAllowed = action === "allow";
  return {
    id: "applyNetworkPolicyAmendment",
    label: escapeLine(
      isAllowed ? "yes, and always allow this host" : "no, and always block this host",
    ),
    effect: isAllowed ? "accept" : "refuse",
    grants: exactSections(
      isAllowed ? "Allowed from now on" : "Blocked from now on",
      host,
      "context",
    ),
    lasting: true,
    decision,
    answer: { decision },
  };
}

/** The value of an object's only member. */
function only(value: unknown, name: string): unknown {
  const members = Object.entries(Object(value));
  return members.length === 1 && members[0]?.[0] === name ? members[0][1] : undefined;
}
