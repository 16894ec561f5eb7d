import type { VisibleText } from "../text/visible.ts";
import type { RequestKind, RequestSection } from "./description.ts";

/** An answer that a pending request allows. */
export interface AnswerOption {
  /** The id for `answer()`, such as "accept", "acceptForSession", "decline" or "cancel". */
  readonly id: string;
  /** A short description of the answer's effect. */
  readonly label: VisibleText;
  readonly effect: "accept" | "refuse";
  /** What the answer allows beyond this one request, such as a lasting rule or a host. */
  readonly grants: readonly RequestSection[];
  /** Whether the server stores the answer as a rule for all threads of its CODEX_HOME. */
  readonly lasting: boolean;
}

/** A pending request as plain data, which can be sent as JSON. */
export interface PendingRequestData {
  /** Stays the same after a reconnect, and is the same in every program that the server sends the request to. */
  readonly id: string;
  readonly kind: RequestKind;
  readonly threadId?: string | undefined;
  /** The parent of the request's thread, if that thread is a sub-agent. */
  readonly parentThreadId?: string | undefined;
  readonly turnId?: string | undefined;
  /** The id of the item that the request is about. */
  readonly entryId?: string | undefined;
  /** A title such as "Run this command". */
  readonly title: VisibleText;
  /** The exact request. Show all of it, in this order: the subject comes last. */
  readonly detail: readonly RequestSection[];
  /** The possible answers, in the server's order. You can answer with "decline" even if it isn't listed. */
  readonly options: readonly AnswerOption[];
  /**
   * The JSON Schema of the content to send when you accept: a form from an MCP server, or one string
   * for each of the agent's questions, by the question's id. Text in the schema isn't escaped.
   */
  readonly form?: { readonly [keyword: string]: unknown } | undefined;
  /** When this client received the request, in milliseconds since the Unix epoch. */
  readonly arrivedAt: number;
}
