import type { ApprovalRules, RequestContext, ThreadItem } from "../index.ts";
import { unwrapShell } from "./shell-words.ts";
import type { Talk, Terminal } from "./terminal.ts";
import { type Paint, printableLine } from "./text.ts";
import type { Piece } from "./transcript.ts";

export interface Desk {
  /** Undefined where nobody can be asked. */
  readonly terminal: Terminal | undefined;
  readonly paint: Paint;
  /** Shows what an item is about, unless it is on the screen already. */
  readonly begin: (item: ThreadItem) => Piece[];
  readonly show: (pieces: readonly Piece[]) => void;
}

type Answer = "yes" | "no" | "always";

/** A question about one thing that the agent wants to do. */
interface Request {
  /** As in "Run this command?". */
  readonly question: string;
  /** What it is about, in one line. */
  readonly subject: string;
  /** Lines on it that the item does not tell. */
  readonly details: readonly (string | null | undefined)[];
  /** Whether a yes may hold for the rest of the session. */
  readonly lasting: boolean;
  readonly context: RequestContext;
}

/**
 * Asks on the terminal for every kind of approval; declines where there is none, and says so.
 * A command that is asked for with the trusted reason is accepted unasked.
 */
export function askedApprovals(desk: Desk, trustedReason?: string): ApprovalRules {
  const decision = { yes: "accept", no: "decline", always: "acceptForSession" } as const;
  return {
    command: async ({ command, cwd, reason }, context) => {
      const subject = command ? printableLine(unwrapShell(command)) : "a command";
      if (reason && reason === trustedReason) {
        const about = context.item ? desk.begin(context.item) : [];
        desk.show([...about, line(desk.paint("yellow", `Allowed: ${reason}`))]);
        return "accept";
      }
      const details = [
        context.item ? null : `$ ${subject}`,
        cwd && `in ${cwd}`,
        reason && `reason: ${reason}`,
      ];
      return decision[
        await ask(desk, { question: "Run this command?", subject, details, lasting: true, context })
      ];
    },
    fileChange: async ({ reason, grantRoot }, context) => {
      const details = [grantRoot && `allows writing under ${grantRoot}`, reason];
      return decision[
        await ask(desk, {
          question: "Make this change?",
          subject: changed(context),
          details,
          lasting: true,
          context,
        })
      ];
    },
    permissions: async ({ permissions, reason }, context) => {
      const subject = `permissions ${JSON.stringify(permissions)}`;
      const question = "Grant these permissions?";
      const answer = await ask(desk, {
        question,
        subject,
        details: [subject, reason],
        lasting: true,
        context,
      });
      if (answer !== "always") return decision[answer];
      const { network, fileSystem } = permissions;
      return {
        permissions: { ...(network && { network }), ...(fileSystem && { fileSystem }) },
        scope: "session",
      };
    },
    mcpTool: async (params, context) => {
      const subject = "message" in params ? params.message : `a tool of ${params.serverName}`;
      const question = "Call this tool?";
      const answer = await ask(desk, {
        question,
        subject,
        details: [subject],
        lasting: false,
        context,
      });
      return answer === "no" ? "decline" : "accept";
    },
  };
}

async function ask({ terminal, begin, show, paint }: Desk, request: Request): Promise<Answer> {
  const { item, signal } = request.context;
  const about = item ? begin(item) : [];
  if (!terminal) {
    const what = item ? "" : `: ${printableLine(request.subject)}`;
    const told = `Declined, as there is no terminal to ask on${what}`;
    show([...about, line(paint("yellow", told))]);
    return "no";
  }
  const details = request.details.filter(Boolean).map((detail) => printableLine(String(detail)));
  return terminal.talk(signal, async (talk) => {
    talk.show([...about, ...details.map(line)]);
    return readAnswer(talk, request, paint);
  });
}

function line(text: string): Piece {
  return { to: "log", text: `  ${text}\n`, block: false };
}

async function readAnswer(
  talk: Talk,
  { question, lasting }: Request,
  paint: Paint,
): Promise<Answer> {
  const choices = lasting ? "[y]es, [n]o, [a]lways in this session" : "[y]es, [n]o";
  for (;;) {
    const typed = await talk.ask(`${paint("yellow", question)} ${choices}: `);
    switch (typed?.trim().toLowerCase()) {
      case "y":
      case "yes":
        return "yes";
      case undefined:
      case "n":
      case "no":
        return "no";
      case "a":
      case "always":
        if (lasting) return "always";
    }
  }
}

function changed({ item }: RequestContext): string {
  const paths = item?.type === "fileChange" ? item.changes.map(({ path }) => path) : [];
  return `change ${paths.length === 0 ? "files" : paths.join(", ")}`;
}
