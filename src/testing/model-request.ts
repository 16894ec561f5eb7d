import type { IncomingHttpHeaders } from "node:http";

/** An item of a request's input, as the server sent it. */
export interface InputItem {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** How a request ended: its reply was sent, or the client disconnected first. */
export type RequestEnd = "answered" | "aborted";

/** A request to the scripted model. */
export class ModelRequest {
  /** The request's index in `model.requests`. */
  readonly index: number;
  readonly headers: IncomingHttpHeaders;
  /** The request's body, parsed as JSON. */
  readonly body: Readonly<Record<string, unknown>>;
  /**
   * Aborts if the client disconnects before the reply has been sent, for example because of an
   * interrupt.
   */
  readonly signal: AbortSignal;
  /** Resolves when nothing more will be sent. */
  readonly ended: Promise<RequestEnd>;

  constructor(fields: Pick<ModelRequest, "index" | "headers" | "body" | "signal" | "ended">) {
    this.index = fields.index;
    this.headers = fields.headers;
    this.body = fields.body;
    this.signal = fields.signal;
    this.ended = fields.ended;
  }

  /** The conversation so far, oldest first. */
  get input(): readonly InputItem[] {
    return Array.isArray(this.body.input) ? this.body.input : [];
  }

  /** The text of the last user message; empty if there is none. */
  get userText(): string {
    const message = this.input.findLast((item) => item.type === "message" && item.role === "user");
    return textOf(message?.content);
  }

  /** The text outputs of the calls in the conversation, by call id, in order. */
  get outputs(): ReadonlyMap<string, string> {
    return new Map(
      this.input.filter(isOutput).map((item) => [String(item.call_id), textOf(item.output)]),
    );
  }

  /** The output of the last call; undefined if the request doesn't follow a call. */
  get lastOutput(): string | undefined {
    const last = this.input.at(-1);
    return last && isOutput(last) ? textOf(last.output) : undefined;
  }

  /** The names of the tools offered to the model. */
  get tools(): readonly string[] {
    const tools: readonly Record<string, unknown>[] = Array.isArray(this.body.tools)
      ? this.body.tools
      : [];
    return tools.map((tool) => String(tool.name ?? tool.type));
  }
}

function isOutput(item: InputItem): boolean {
  return item.type === "function_call_output" || item.type === "custom_tool_call_output";
}

/** The text of a message's content, which is a string or a list of parts; some parts have no text. */
function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.flatMap((part) => (typeof part.text === "string" ? [part.text] : [])).join("\n");
}
