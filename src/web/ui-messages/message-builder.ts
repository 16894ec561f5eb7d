import type { TurnMetadata, TurnUIMessageChunk } from "./chunk.ts";
import type { TurnUIMessage, TurnUIPart } from "./message.ts";

/** A part that is being built. */
type Draft = { type: string } & Record<string, unknown>;

/** Builds the message of a whole turn from its chunks, as the AI SDK's reader does. */
export class MessageBuilder {
  readonly #parts: Draft[] = [];
  readonly #texts = new Map<string, Draft>();
  readonly #calls = new Map<string, Draft>();
  readonly #approved = new Map<string, Draft>();
  /** The data parts, by their type and id. */
  readonly #data = new Map<string, Draft>();
  #id = "";
  #metadata: TurnMetadata | undefined;

  take(chunk: TurnUIMessageChunk): void {
    switch (chunk.type) {
      case "start":
        this.#id = chunk.messageId;
        this.#metadata = chunk.messageMetadata;
        return;
      case "message-metadata":
      case "finish":
        this.#metadata = { ...this.#metadata, ...chunk.messageMetadata };
        return;
      case "start-step":
        this.#parts.push({ type: "step-start" });
        return;
      case "text-start":
      case "reasoning-start": {
        const { id, providerMetadata } = chunk;
        const isText = chunk.type === "text-start";
        const about = { text: "", providerMetadata };
        this.#open(
          this.#texts,
          id,
          isText ? { type: "text", ...about } : { type: "reasoning", id, ...about },
        );
        return;
      }
      case "text-delta":
      case "reasoning-delta": {
        const part = this.#texts.get(chunk.id);
        if (part) part.text = `${part.text}${chunk.delta}`;
        return;
      }
      case "text-end":
      case "reasoning-end": {
        const { id, providerMetadata } = chunk;
        change(this.#texts.get(id), {
          state: "done",
          ...(providerMetadata && { providerMetadata }),
        });
        this.#texts.delete(id);
        return;
      }
      case "tool-input-start": {
        const { toolCallId, toolName, providerExecuted } = chunk;
        const call = { type: "dynamic-tool", toolName, toolCallId, providerExecuted };
        this.#open(this.#calls, toolCallId, call);
        return;
      }
      case "tool-input-available": {
        const { toolCallId, toolName, input } = chunk;
        change(this.#calls.get(toolCallId), { toolName, input });
        return;
      }
      case "tool-approval-request": {
        const { approvalId: id, toolCallId, isAutomatic } = chunk;
        const call = this.#calls.get(toolCallId);
        change(call, { approval: { id, ...(isAutomatic && { isAutomatic }) } });
        if (call) this.#approved.set(id, call);
        return;
      }
      case "tool-approval-response": {
        const { approvalId, approved, reason } = chunk;
        const call = this.#approved.get(approvalId);
        const more = { approved, ...(reason !== undefined && { reason }) };
        change(call, { approval: { ...(call?.approval as object), ...more } });
        return;
      }
      case "tool-output-available": {
        const { toolCallId, output, preliminary } = chunk;
        if (preliminary) return;
        change(this.#calls.get(toolCallId), { state: "output-available", output });
        return;
      }
      case "tool-output-error": {
        const { toolCallId, errorText } = chunk;
        change(this.#calls.get(toolCallId), { state: "output-error", errorText });
        return;
      }
      case "tool-output-denied":
        change(this.#calls.get(chunk.toolCallId), { state: "output-denied" });
        return;
      case "source-url":
      case "file":
        this.#parts.push({ ...chunk });
        return;
      case "finish-step":
      case "error":
      case "abort":
        return;
      default: {
        const { type, id, data } = chunk;
        const key = `${type} ${id}`;
        const known = this.#data.get(key);
        if (known) known.data = data;
        else this.#open(this.#data, key, { type, id, data });
      }
    }
  }

  /** The message; complete after the last chunk, when every part has ended. */
  get message(): TurnUIMessage {
    const metadata = this.#metadata ? { metadata: this.#metadata } : {};
    const parts = this.#parts as unknown as TurnUIPart[];
    return { id: this.#id, role: "assistant", ...metadata, parts };
  }

  #open(drafts: Map<string, Draft>, id: string, part: Draft): void {
    drafts.set(id, part);
    this.#parts.push(part);
  }
}

function change(part: Draft | undefined, members: Record<string, unknown>): void {
  if (part) Object.assign(part, members);
}
