/** The kinds of things that take time in a turn. */
export type SpanKind =
  /** The user's answer to an approval. */
  | "approval"
  /** The user's answer to a question. */
  | "question"
  | "command"
  | "fileChange"
  | "tool"
  | "webSearch"
  | "agent"
  | "hook"
  | "compaction"
  /** The server is trying to reach the model again. */
  | "retry"
  /** The model streams its reasoning, or a message. */
  | "reasoning"
  | "message"
  | "other";

export interface Span {
  /** Unique within its turn. */
  readonly id: string;
  readonly kind: SpanKind;
  /** What ran: the command, the files, the tool. */
  label: string;
  /** In milliseconds since the trace began. */
  readonly startedAt: number;
  /** Undefined while it runs. */
  endedAt: number | undefined;
  state: "running" | "completed" | "failed" | "declined" | "interrupted";
  /** The row that shows the beginning of the span. */
  readonly rowKey: number;
}
