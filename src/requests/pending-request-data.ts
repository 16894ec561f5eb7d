import type { VisibleText } from "../text/visible.ts";
import type { RequestKind, RequestSection } from "./description.ts";

/** An answer that a pending request allows. */
export interface AnswerOption {
  /** What `answer()` takes, such as "accept", "acceptForSession", "decline" or "cancel". */
  readonly id: string;
  /** What it does, in a few words. */
  readonly label: VisibleText;
  readonly effect: "accept" | "refuse";
  /** What it allows beyond this one request: a lasting rule, a host. */
  readonly grants: readonly RequestSection[];
}

/** A pending request as plain data, which survives JSON. */
export interface PendingRequestData {
  /** Stays the same after a reconnect, and for every program that the server sends the request to. */
  readonly id: string;
  readonly kind: RequestKind;
  readonly threadId?: string | undefined;
  /** The parent of that thread, if it is a sub-agent. */
  readonly parentThreadId?: string | undefined;
  readonly turnId?: string | undefined;
  /** The id of the item that the request is about. */
  readonly entryId?: string | undefined;
  /** As in "Run this command". */
  readonly title: VisibleText;
  /** Exactly what is asked. Show all of it, in this order: the subject comes last. */
  readonly detail: readonly RequestSection[];
  /** In the server's order. "decline" can be answered even if it isn't listed. */
  readonly options: readonly AnswerOption[];
  /**
   * The JSON Schema of the content that an accepting answer has: a form of an MCP server, or one
   * text for each of the agent's questions, by the question's id. Its texts aren't escaped.
   */
  readonly form?: { readonly [keyword: string]: unknown } | undefined;
  /** When this client received it, in milliseconds since 1970. */
  readonly arrivedAt: number;
}
