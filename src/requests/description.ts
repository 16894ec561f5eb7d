import type { VisibleText } from "../text/visible.ts";

/** The kind of a server request. */
export type RequestKind =
  /** Run a command. */
  | "command"
  /** Run a command of the protocol's kind `humanCommand`. */
  | "humanCommand"
  /** Type into a running terminal. */
  | "writeStdin"
  /** Connect to a host. */
  | "networkAccess"
  | "fileChange"
  | "permissions"
  /** Call a tool of an MCP server. */
  | "mcpToolCall"
  /** An MCP server asks for values. */
  | "form"
  /** An MCP server asks the user to open a URL. */
  | "url"
  /** An MCP server asks to verify the user. */
  | "userVerification"
  /** The agent asks the user questions. */
  | "userInput"
  /** Anything else. */
  | "unknown";

/** What a request doesn't show about one of its paths. */
export type FileWarning =
  /** The path leads through a link, to `target`. */
  | { readonly kind: "link"; readonly path: string; readonly target: string }
  /** A file that the change adds, or moves there, already exists. Its content would be lost. */
  | { readonly kind: "replaced"; readonly path: string }
  /** The client couldn't find out whether the path leads through a link, or whether the file exists. */
  | { readonly kind: "unknown"; readonly path: string };

/** A part of a request, exact and safe to show. */
export interface RequestSection {
  /**
   * What the part is: a warning about a contradiction in the request, the agent's own reason,
   * context, a member that this package doesn't know, or the subject of the approval.
   */
  readonly role: "warning" | "reason" | "context" | "unknown" | "subject";
  /** Name of the part: one line of visible characters. */
  readonly label: VisibleText;
  /** If the format is "json", `JSON.parse` restores the value; otherwise `unescapeVisible` restores the text. */
  readonly text: VisibleText;
  readonly format: "text" | "diff" | "json";
  /** How many characters of the original were omitted at the end: 0, except in the agent's reason. */
  readonly omitted: number;
}

/** An answer that the request allows. */
export interface RequestOption {
  /** Unique among the options of a request: the name of the decision, numbered if several options share it. */
  readonly id: string;
  /** A short description of the answer's effect. */
  readonly label: VisibleText;
  readonly effect: "accept" | "refuse";
  /** What the answer allows beyond this one request, such as a lasting rule or a host. */
  readonly grants: readonly RequestSection[];
  /** Whether the server stores the answer as a rule for all threads of its CODEX_HOME. */
  readonly lasting: boolean;
  /**
   * What an `approvals` rule returns to give this answer; undefined if no rule can.
   */
  readonly decision: unknown;
  /** The result to send: what a handler returns for this answer. */
  readonly answer: unknown;
}

/** A server request as data to show: exact and complete. */
export interface RequestDescription {
  readonly method: string;
  readonly kind: RequestKind;
  /** A title such as "Run this command". */
  readonly title: VisibleText;
  /** The parts of the request. Show all of them, in this order; the subject comes last. */
  readonly sections: readonly RequestSection[];
  /** The possible answers, in the server's order. If the request has nothing to show, it can't be accepted. */
  readonly options: readonly RequestOption[];
  /** The answer to send if the user can't be asked, or doesn't answer. */
  readonly refusal: RequestOption;
}

/** A description whose parts are not yet in order. */
export interface Draft extends Pick<RequestDescription, "kind" | "sections" | "options"> {
  readonly title: string;
}
