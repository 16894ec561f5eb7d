import { escapeLine } from "../text/visible.ts";
import type { Draft, RequestOption } from "./description.ts";
import type { Members } from "./members.ts";
import { contextSection, directorySection, exactJsonSections, reasonSection } from "./sections.ts";

/** `item/permissions/requestApproval`. */
export function describePermissions(params: Members): Draft {
  params.drop("threadId", "turnId", "itemId", "startedAtMs");
  const permissions = params.object("permissions") ?? {};
  const environment = params.text("environmentId");
  const sections = [
    ...reasonSection("Reason given", params.text("reason")),
    ...contextSection("Environment", environment === "local" ? undefined : environment),
    ...directorySection(params.text("cwd")),
    ...(Object.keys(permissions).length === 0 ? [] : exactJsonSections("Permissions", permissions)),
    ...params.unknown(),
  ];
  const options = [
    grantOption("accept", "yes, for this turn", permissions, "turn"),
    grantOption("acceptForSession", "yes, for the rest of the session", permissions, "session"),
    DECLINE,
  ];
  return { kind: "permissions", title: "Grant these permissions", sections, options };
}

const DECLINE: RequestOption = {
  id: "decline",
  label: escapeLine("no; the agent continues without them"),
  effect: "refuse",
  grants: [],
  lasting: false,
  decision: "decline",
  answer: { permissions: {}, scope: "turn" },
};

/** Grants what the protocol can grant; unknown members were shown, but aren't granted. */
function grantOption(
  id: string,
  label: string,
  { network, fileSystem }: Readonly<Record<string, unknown>>,
  scope: "turn" | "session",
): RequestOption {
  const permissions = {
    ...(network ? { network } : {}),
    ...(fileSystem ? { fileSystem } : {}),
  };
  const answer = { permissions, scope };
  const about = { effect: "accept", grants: [], lasting: false } as const;
  return { id, label: escapeLine(label), ...about, decision: answer, answer };
}
