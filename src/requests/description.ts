import type { VisibleText } from "../text/visible.ts";

/** What a request of the server asks for. */
export type RequestKind =
  /** To run a command. */
  | "command"
  /** To run a command of the protocol's kind `humanCommand`. */
  | "humanCommand"
  /** To type into a terminal that is running. */
  | "writeStdin"
  /** To reach a host. */
  | "networkAccess"
  | "fileChange"
  | "permissions"
  /** To call a tool of an MCP server. */
  | "mcpToolCall"
  /** An MCP server asks for values. */
  | "form"
  /** An MCP server asks the user to open a URL. */
  | "url"
  /** An MCP server asks for a verification of the user. */
  | "userVerification"
  /** The agent asks the user questions. */
  | "userInput"
  /** Anything else. */
  | "unknown";

/** A part of a request, exact and safe to show. */
export interface RequestSection {
  /**
   * What it is to the one who decides: a contradiction in the request, the agent's own words, a
   * circumstance, a member that this package doesn't know, or the very thing that is approved.
   */
  readonly role: "warning" | "reason" | "context" | "unknown" | "subject";
  /** Names the part; one line of visible characters. */
  readonly label: VisibleText;
  /** With format "json" it is JSON, which `JSON.parse` restores; else `unescapeVisible` restores it. */
  readonly text: VisibleText;
  readonly format: "text" | "diff" | "json";
  /** How many characters of the original were left out at the end. Always 0 but for a reason. */
  readonly omitted: number;
}

/** An answer that the request allows. */
export interface RequestOption {
  /** Unique among the options of a request: the decision's name, numbered where several have it. */
  readonly id: string;
  /** What it does, in a few words. */
  readonly label: VisibleText;
  readonly effect: "accept" | "refuse";
  /** What it allows beyond the one thing asked for: a lasting rule, a host. */
  readonly grants: readonly RequestSection[];
  /** What a rule of the option `approvals` returns for it; undefined where no rule can say it. */
  readonly decision: unknown;
  /** The result to send: what a handler returns for it. */
  readonly answer: unknown;
}

/** A request of the server for its user: all of it, exact, as data to be shown. */
export interface RequestDescription {
  readonly method: string;
  readonly kind: RequestKind;
  /** As in "Run this command". */
  readonly title: VisibleText;
  /** To be shown in this order, all of them: the subject comes last. */
  readonly sections: readonly RequestSection[];
  /** In the server's order. Those that accept are missing where there is nothing to show. */
  readonly options: readonly RequestOption[];
  /** The answer when nobody can be asked, or the user turns away. */
  readonly refusal: RequestOption;
}

/** A description whose parts are not yet in order. */
export interface Draft extends Pick<RequestDescription, "kind" | "sections" | "options"> {
  readonly title: string;
}
