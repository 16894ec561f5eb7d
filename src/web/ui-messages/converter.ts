import { mediaTypeOf } from "../media-type.ts";
import { isReasoning, type TurnEnding, type TurnPart } from "../parts/part.ts";
import type { TurnMetadata, TurnUIMessageChunk } from "./chunk.ts";

type PartOf<Type extends TurnPart["type"]> = TurnPart & { readonly type: Type };

/** Whether the approval of a call is pending, and its answer. */
interface Approval {
  readonly id: string;
  /** Undefined while it is pending. */
  readonly approved: boolean | undefined;
}

const CALL = { dynamic: true, providerExecuted: true } as const;

/** Converts the parts of one turn to chunks of the AI SDK's UI message stream. */
export class UIMessageConverter {
  readonly #threadId: string;
  readonly #turnId: string;
  /** Texts that have started but not ended. */
  readonly #texts = new Map<string, PartOf<"textStart">>();
  /** The last input of each running call. */
  readonly #inputs = new Map<string, PartOf<"callInput">>();
  /** Calls that have shown some output. */
  readonly #progressed = new Set<string>();
  /** The last approval of each call that has one. */
  readonly #approvals = new Map<string, Approval>();

  constructor({ threadId, id }: { readonly threadId: string; readonly id: string }) {
    this.#threadId = threadId;
    this.#turnId = id;
  }

  *convert(part: TurnPart): Generator<TurnUIMessageChunk> {
    switch (part.type) {
      case "start":
        yield { type: "start", messageId: this.#turnId, messageMetadata: this.#metadata({}) };
        yield { type: "start-step" };
        return;
      case "textStart":
      case "textDelta":
      case "textEnd":
        yield* this.#text(part);
        return;
      case "callStart":
        yield { type: "tool-input-start", toolCallId: part.id, toolName: part.name, ...CALL };
        return;
      case "callInput":
        this.#inputs.set(part.id, part);
        yield inputOf(part);
        return;
      case "callProgress": {
        // A call that waits for approval, or was refused, can't have output.
        const approval = this.#approvals.get(part.id);
        if (approval && approval.approved !== true) return;
        const { id, output } = part;
        this.#progressed.add(id);
        yield {
          ...{ type: "tool-output-available", toolCallId: id, output, ...CALL },
          preliminary: true,
        };
        return;
      }
      case "callEnd":
        yield* this.#endCall(part);
        return;
      case "request":
        yield* this.#ask(part);
        return;
      case "requestSettled":
        yield* this.#settle(part);
        return;
      case "userMessage": {
        const { id, text, attachments } = part;
        yield { type: "data-message", id, data: { text, attachments } };
        return;
      }
      case "source":
        yield { type: "source-url", sourceId: part.id, url: part.url };
        return;
      case "steps": {
        const { explanation, steps } = part;
        yield { type: "data-plan", id: this.#turnId, data: { explanation, steps } };
        return;
      }
      case "diff":
        yield { type: "data-diff", id: this.#turnId, data: { diff: part.diff } };
        return;
      case "entry":
        yield { type: "data-entry", id: part.entry.id, data: part.entry };
        return;
      case "usage":
        yield { type: "message-metadata", messageMetadata: this.#metadata({ usage: part.usage }) };
        return;
      case "end":
        yield* this.#end(part.ending);
    }
  }

  *#text(
    part: PartOf<"textStart"> | PartOf<"textDelta"> | PartOf<"textEnd">,
  ): Generator<TurnUIMessageChunk> {
    const { id } = part;
    const start = part.type === "textStart" ? part : this.#texts.get(id);
    if (!start) return;
    const { kind, phase } = start;
    const name = isReasoning(kind) ? "reasoning" : "text";
    if (part.type === "textStart") {
      this.#texts.set(id, part);
      yield { type: `${name}-start`, id, providerMetadata: { codex: { kind, phase } } };
    } else if (part.type === "textDelta") {
      yield { type: `${name}-delta`, id, delta: part.delta };
    } else {
      this.#texts.delete(id);
      const mark = { providerMetadata: { codex: { kind, phase, incomplete: true } } };
      yield { type: `${name}-end`, id, ...(part.incomplete ? mark : {}) };
    }
  }

  *#ask({ request, callId }: PartOf<"request">): Generator<TurnUIMessageChunk> {
    const { id } = request;
    yield { type: "data-request", id, data: { request, state: "pending" } };
    yield* this.#requestApproval(callId, id);
  }

  *#settle(part: PartOf<"requestSettled">): Generator<TurnUIMessageChunk> {
    const { request, callId, reason, option } = part;
    const { id } = request;
    const answer = option ? { answer: option.id } : {};
    yield { type: "data-request", id, data: { request, state: reason, ...answer } };
    // Without an option, the call's next state shows the answer.
    if (option) yield* this.#respond(callId, option.effect === "accept", option.label);
  }

  *#endCall(part: PartOf<"callEnd">): Generator<TurnUIMessageChunk> {
    const { id, state, output, error, media } = part;
    if (state === "declined" && !this.#approvals.has(id)) {
      yield* this.#requestApproval(id, `${id}:approval`, true);
    }
    const wasMade = state === "completed" || state === "failed";
    if (this.#isWaiting(id)) yield* this.#respond(id, wasMade);
    const isRefused = this.#approvals.get(id)?.approved === false;
    this.#approvals.delete(id);
    this.#inputs.delete(id);
    this.#progressed.delete(id);
    if (isRefused) yield { type: "tool-output-denied", toolCallId: id };
    else if (state === "completed") {
      yield { type: "tool-output-available", toolCallId: id, output, ...CALL };
    } else yield { type: "tool-output-error", toolCallId: id, errorText: error, ...CALL };
    for (const url of media) yield { type: "file", url, mediaType: mediaTypeOf(url) };
  }

  *#requestApproval(
    toolCallId: string,
    approvalId: string,
    isAutomatic = false,
  ): Generator<TurnUIMessageChunk> {
    this.#approvals.set(toolCallId, { id: approvalId, approved: undefined });
    // A call that waits for approval can't have output, so output that was shown is withdrawn.
    const input = this.#inputs.get(toolCallId);
    if (input && this.#progressed.delete(toolCallId)) yield inputOf(input);
    const automatic = isAutomatic ? { isAutomatic } : {};
    yield { type: "tool-approval-request", approvalId, toolCallId, ...automatic };
  }

  *#respond(callId: string, approved: boolean, reason?: string): Generator<TurnUIMessageChunk> {
    const approval = this.#approvals.get(callId);
    if (!approval) return;
    this.#approvals.set(callId, { ...approval, approved });
    const why = reason === undefined ? {} : { reason };
    yield { type: "tool-approval-response", approvalId: approval.id, approved, ...why };
  }

  #isWaiting(callId: string): boolean {
    const approval = this.#approvals.get(callId);
    return approval !== undefined && approval.approved === undefined;
  }

  /** Ends the message. The metadata comes first, because `useChat` stops reading after an error. */
  *#end({ status, error, usage, durationMs }: TurnEnding): Generator<TurnUIMessageChunk> {
    const messageMetadata = this.#metadata({
      status,
      ...(usage ? { usage } : {}),
      ...(durationMs === null ? {} : { durationMs }),
      ...(error ? { error } : {}),
    });
    yield { type: "finish-step" };
    yield { type: "message-metadata", messageMetadata };
    if (status === "interrupted") {
      yield { type: "abort", reason: error?.message ?? "The turn was interrupted" };
    } else if (status !== "completed") {
      yield { type: "error", errorText: error?.message ?? "The turn failed" };
    }
    yield { type: "finish", finishReason: REASONS[status], messageMetadata };
  }

  #metadata(more: Omit<TurnMetadata, "threadId" | "turnId">): TurnMetadata {
    return { threadId: this.#threadId, turnId: this.#turnId, ...more };
  }
}

function inputOf({ id, name, input }: PartOf<"callInput">): TurnUIMessageChunk {
  return { type: "tool-input-available", toolCallId: id, toolName: name, input, ...CALL };
}

const REASONS = {
  completed: "stop",
  failed: "error",
  lost: "error",
  interrupted: "other",
} as const;
