import type { ApprovalRules, RequestContext, ThreadItem } from "../index.ts";
import { describeRequest } from "../requests/describe-request.ts";
import type { RequestDescription, RequestOption } from "../requests/description.ts";
import { choose } from "./choose.ts";
import type { Terminal } from "./terminal.ts";
import { exactLine, outputLine, type Paint, type Shown, shortenLine, show } from "./text.ts";
import type { Piece } from "./transcript.ts";

export interface Desk {
  /** Undefined if there is no user to ask. */
  readonly terminal: Terminal | undefined;
  readonly paint: Paint;
  /** Shows what an item does, unless that is already on the screen. */
  readonly begin: (item: ThreadItem) => Piece[];
  readonly show: (pieces: readonly Piece[]) => void;
}

/**
 * Asks on the terminal for every kind of approval; without a terminal, declines and says so. A
 * command that is requested with the trusted reason is accepted without asking.
 */
export function askedApprovals(desk: Desk, trustedReason?: string): ApprovalRules {
  return {
    command: async (params, context) => {
      if (!params.reason || params.reason !== trustedReason) return decide(desk, params, context);
      const about = context.item ? desk.begin(context.item) : [];
      desk.show([...about, notice(desk, show`Allowed: ${outputLine(params.reason)}`)]);
      return "accept";
    },
    fileChange: (params, context) => decide(desk, params, context),
    permissions: (params, context) => decide(desk, params, context),
    mcpTool: (params, context) => decide(desk, params, context),
  };
}

/** The decision of the option that the user chose. */
async function decide<Decision>(
  desk: Desk,
  params: unknown,
  context: RequestContext,
): Promise<Decision | "decline"> {
  const { method, item, signal, exactNumbers, fileWarnings } = context;
  const description = describeRequest(method, params, item, exactNumbers, fileWarnings);
  const { terminal, paint } = desk;
  const why = unaskable(desk, description);
  if (why !== undefined) {
    const about = item ? desk.begin(item) : [];
    desk.show([...about, notice(desk, show`Declined: ${why}`)]);
  }
  // "cancel" would stop the turn; the server accepts "decline" even if the request doesn't list it.
  if (!terminal) return "decline";
  const chosen =
    why === undefined
      ? await terminal.talk(signal, (talk) => choose(talk, description, paint))
      : description.refusal;
  return (chosen.decision ?? "decline") as Decision | "decline";
}

/** Why the user can't be asked; undefined when they can. */
function unaskable({ terminal }: Desk, description: RequestDescription): Shown | undefined {
  const { kind, options, sections } = description;
  if (kind === "form" || kind === "url" || kind === "userVerification") {
    return show`an MCP server asked for more than a tool call`;
  }
  const subject = sections.find(({ role }) => role === "subject");
  if (subject === undefined) return show`the request doesn't show what it asks for`;
  if (!terminal)
    return show`there is no terminal to ask on: ${shortenLine(exactLine(subject.text), 200)}`;
  if (!options.some(isAcceptance)) return show`the request can't be accepted`;
  return undefined;
}

function isAcceptance({ effect, decision }: RequestOption): boolean {
  return effect === "accept" && decision !== undefined;
}

function notice({ paint }: Desk, text: Shown): Piece {
  return { to: "log", text: show`  ${paint("yellow", text)}\n`, block: false };
}
