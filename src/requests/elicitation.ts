import { escapeLine } from "../text/visible.ts";
import type { Draft, RequestOption, RequestSection } from "./description.ts";
import { Members } from "./members.ts";
import {
  annotationSection,
  contextSection,
  exactJsonSections,
  exactSections,
  jsonSection,
  reasonSection,
  roundingWarning,
  serverSection,
  textSection,
  warning,
} from "./sections.ts";

const APPROVAL_KIND = "mcp_tool_call";

/**
 * Whether an elicitation has the form of an approval of a tool call. An MCP server can imitate
 * this, but not together with a form to fill in or a URL.
 */
export function isToolApproval(params: unknown): boolean {
  const members = new Members(params);
  const meta = new Members(members.object("_meta"));
  if (members.text("mode") !== "form") return false;
  if (meta.text("codex_approval_kind") !== APPROVAL_KIND) return false;
  const schema = new Members(members.object("requestedSchema"));
  const fields = Object.keys(schema.object("properties") ?? {});
  schema.drop("type");
  return fields.length === 0 && schema.areAllKnown;
}

/** `mcpServer/elicitation/request`. */
export function describeElicitation(raw: unknown, params: Members, item: Members): Draft {
  params.drop("threadId", "turnId", "elicitationId");
  return isToolApproval(raw) ? describeToolCall(params, item) : describeQuestion(params);
}

function describeToolCall(params: Members, item: Members): Draft {
  const server = params.text("serverName");
  const meta = new Members(params.object("_meta"));
  const tool = meta.text("tool_name");
  const args = meta.object("tool_params");
  // Each option has its own id.
  const persist = [...new Set(meta.list("persist"))];
  params.text("mode");
  params.object("requestedSchema");
  meta.drop("codex_approval_kind");
  meta.any("tool_params_display");
  const running = item.text("type") === "mcpToolCall" ? item : new Members(undefined);
  const sections = [
    ...differences({ server, tool }, running),
    ...serverSection(server),
    ...reasonSection("Message", params.text("message")),
    ...reasonSection("Tool description, from the MCP server", meta.text("tool_description")),
    ...annotationSection(meta.object("tool_annotations")),
    ...meta.unknown("_meta."),
    ...params.unknown(),
    ...(tool ? exactSections("Tool", tool) : []),
    ...argumentSections(args, running.any("arguments")),
  ];
  const options = [ACCEPT, ...persist.flatMap(persistOption), DECLINE, CANCEL];
  return { kind: "mcpToolCall", title: "Call this tool of an MCP server", sections, options };
}

function argumentSections(asked: unknown, announced: unknown): RequestSection[] {
  if (asked !== undefined) return exactJsonSections("Arguments", asked);
  if (announced === undefined) {
    return [warning("The request doesn't include the arguments of the call.")];
  }
  const sections = exactJsonSections("Arguments", announced);
  if (Object.keys(Object(announced)).length === 0) return sections;
  return [
    warning("The request contains no arguments. Those below were announced earlier."),
    ...roundingWarning(sections),
    ...sections,
  ];
}

function differences(
  asked: { readonly server: string | undefined; readonly tool: string | undefined },
  running: Members,
): RequestSection[] {
  const server = running.text("server");
  const tool = running.text("tool");
  const isOther =
    (server !== undefined && server !== asked.server) ||
    (tool !== undefined && asked.tool !== undefined && tool !== asked.tool);
  if (!isOther) return [];
  return [
    warning(
      "The request differs from the call announced earlier; the call below is what would run.",
    ),
    ...contextSection("Announced earlier", [server, tool].join("\n")),
  ];
}

const KINDS = {
  form: ["form", "Fill in this form from an MCP server"],
  "openai/form": ["form", "Fill in this form from an MCP server"],
  openaiForm: ["form", "Fill in this form from an MCP server"],
  url: ["url", "Open this URL for an MCP server"],
  "openai/userVerification": ["userVerification", "Verify your identity for an MCP server"],
} as const;

function describeQuestion(params: Members): Draft {
  const mode = params.text("mode") ?? "";
  const [kind, title] = Object.hasOwn(KINDS, mode)
    ? KINDS[mode as keyof typeof KINDS]
    : (["unknown", "Answer this request from an MCP server"] as const);
  const meta = new Members(params.object("_meta"));
  const isCopy = meta.text("codex_approval_kind") !== undefined;
  const sections = [
    ...(isCopy ? [warning("This claims to be a tool approval, but isn't one.")] : []),
    ...urlWarning(params.text("url")),
    ...serverSection(params.text("serverName")),
    ...(kind === "unknown" ? contextSection("Mode", mode) : []),
    ...contextSection("Title", params.text("title")),
    ...contextSection("Message", params.text("message")),
    ...contextSection("Description", params.text("description")),
    ...subjectSections(params),
    ...meta.unknown("_meta."),
    ...params.unknown(),
  ];
  const { content: _none, ...bare } = ACCEPT.answer as Readonly<Record<string, unknown>>;
  const accept = kind === "form" ? { ...ACCEPT, answer: bare } : ACCEPT;
  return { kind, title, sections, options: [accept, DECLINE, CANCEL] };
}

/** A warning about an address that isn't one of the web: the user's system may open it in a program other than the browser. */
function urlWarning(url: string | undefined): RequestSection[] {
  if (!url || /^https?:\/\//i.test(url)) return [];
  return [warning("This isn't a web address: opening it can open a file or start a program.")];
}

function subjectSections(params: Members): RequestSection[] {
  const url = params.text("url");
  const challenge = params.text("challenge");
  const schema = params.object("requestedSchema");
  return [
    ...(url ? exactSections("URL", url) : []),
    ...(challenge === undefined ? [] : [textSection("subject", "Challenge", challenge)]),
    ...(schema === undefined ? [] : [jsonSection("subject", "Fields", schema)]),
  ];
}

const ACCEPT = elicitationOption("accept", "yes", "accept");
const DECLINE = elicitationOption("decline", "no", "decline");
const CANCEL = elicitationOption("cancel", "cancel it", undefined);

function persistOption(scope: unknown): RequestOption[] {
  if (scope !== "session" && scope !== "always") return [];
  const isSession = scope === "session";
  const label = isSession
    ? "yes, and don't ask again for this tool in this session"
    : "yes, and always allow this tool";
  const option = elicitationOption("accept", label, undefined);
  const id = isSession ? "acceptForSession" : "acceptAlways";
  const answer = { action: "accept", content: null, _meta: { persist: scope } };
  return [{ ...option, id, lasting: !isSession, answer }];
}

/** An option of an elicitation. An `approvals` rule can only return "accept" or "decline". */
function elicitationOption(
  action: "accept" | "decline" | "cancel",
  label: string,
  decision: string | undefined,
): RequestOption {
  const effect = action === "accept" ? "accept" : "refuse";
  const answer = { action, content: null, _meta: null };
  const about = { effect, grants: [], lasting: false } as const;
  return { id: action, label: escapeLine(label), ...about, decision, answer };
}
