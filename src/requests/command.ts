import type { Draft, RequestSection } from "./description.ts";
import { Members } from "./members.ts";
import { listedOptions, reviewOptions } from "./options.ts";
import {
  contextSection,
  directorySection,
  exactJsonSections,
  exactSections,
  reasonSection,
  warning,
} from "./sections.ts";

const TITLES = {
  command: "Run this command",
  humanCommand: "Run this command (kind: humanCommand)",
  writeStdin: "Send this input to a running terminal",
} as const;

type CommandKind = keyof typeof TITLES;

/** `item/commandExecution/requestApproval`. */
export function describeCommand(params: Members, item: Members): Draft {
  params.drop("threadId", "turnId", "itemId", "startedAtMs", "approvalId");
  const given = params.text("kind") ?? "command";
  const kind = Object.hasOwn(TITLES, given) ? (given as CommandKind) : undefined;
  const network = params.object("networkApprovalContext");
  const isNetwork = typeof network?.host === "string" && network.host !== "";
  const command = params.text("command");
  const cwd = params.text("cwd");
  const environment = params.text("environmentId");
  params.any("commandActions");
  const sections = [
    ...(kind === undefined ? [unknownKind(given)] : []),
    ...differences({ kind, command, cwd }, item),
    ...reasonSection("Reason given", params.text("reason")),
    ...contextSection("Environment", environment === "local" ? undefined : environment),
    ...directorySection(cwd),
    ...permissionSections(params.object("additionalPermissions")),
    ...networkSections(network),
    ...subjectSections(kind, command, isNetwork ? undefined : item),
  ];
  const { options, unknown } = listedOptions(params, proposedDecisions(params));
  return {
    kind: isNetwork ? "networkAccess" : (kind ?? "unknown"),
    title: isNetwork ? "Allow access to this host" : TITLES[kind ?? "command"],
    sections: [...sections, ...unknown, ...params.unknown()],
    options,
  };
}

/** `execCommandApproval`, of older servers. */
export function describeOldCommand(params: Members): Draft {
  params.drop("conversationId", "callId", "approvalId");
  params.any("parsedCmd");
  const command = params.list("command") ?? [];
  const sections = [
    ...reasonSection("Reason given", params.text("reason")),
    ...directorySection(params.text("cwd")),
    ...(command.length === 0 ? [] : exactJsonSections("Program and arguments", command)),
    ...params.unknown(),
  ];
  return { kind: "command", title: TITLES.command, sections, options: reviewOptions() };
}

function unknownKind(kind: string): RequestSection {
  return warning(`This program doesn't know the kind of this request: ${kind}`);
}

/** Warnings where the request differs from what was shown for this item earlier. */
function differences(
  asked: { kind: CommandKind | undefined; command: string | undefined; cwd: string | undefined },
  item: Members,
): RequestSection[] {
  const command = item.text("command");
  const cwd = item.text("cwd");
  if (asked.kind === "writeStdin") return terminalSections(command);
  const shown: RequestSection[] = [];
  if (asked.command !== undefined && command !== undefined && asked.command !== command) {
    shown.push(
      warning(
        "The request differs from the command announced earlier; the command below is what would run.",
      ),
      ...contextSection("Announced earlier", command),
    );
  }
  if (asked.cwd !== undefined && cwd !== undefined && asked.cwd !== cwd) {
    shown.push(warning(`The directory differs from the one announced earlier: ${cwd}`));
  }
  return shown;
}

/**
 * The command that started the terminal, with a warning. The request names the terminal by that
 * command's id, which the agent chooses, and the server announces only the first of several
 * commands that run with the same id.
 */
function terminalSections(command: string | undefined): RequestSection[] {
  if (command === undefined || command === "") return [];
  return [
    warning(
      "The agent can start several terminals with the same id, so the input may go to a different terminal than the one shown.",
    ),
    ...contextSection("Terminal started with", command),
  ];
}

function permissionSections(permissions: object | undefined): RequestSection[] {
  if (permissions === undefined) return [];
  return exactJsonSections("With these additional permissions", permissions, "context");
}

function networkSections(context: object | undefined): RequestSection[] {
  if (context === undefined) return [];
  const members = new Members(context);
  const host = members.text("host");
  return [
    ...(host ? exactSections("Host", host) : []),
    ...contextSection("Protocol", members.text("protocol")),
    ...members.unknown("networkApprovalContext."),
  ];
}

function subjectSections(
  kind: CommandKind | undefined,
  command: string | undefined,
  item: Members | undefined,
): RequestSection[] {
  const label = kind === "writeStdin" ? "Input" : "Command";
  if (command !== undefined && command !== "") return exactSections(label, command);
  const announced = kind === "writeStdin" ? undefined : item?.text("command");
  if (announced === undefined || announced === "") return [];
  return [
    warning("The request contains no command. The one below was announced earlier."),
    ...exactSections(label, announced),
  ];
}

function proposedDecisions(params: Members): unknown[] {
  const policy = params.list("proposedExecpolicyAmendment");
  const network = params.list("proposedNetworkPolicyAmendments") ?? [];
  return [
    ...(policy ? [{ acceptWithExecpolicyAmendment: { execpolicy_amendment: policy } }] : []),
    ...network.map((one) => ({ applyNetworkPolicyAmendment: { network_policy_amendment: one } })),
  ];
}
