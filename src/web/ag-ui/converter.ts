import type { Entry } from "../../timeline/entries.ts";
import type { TokenUsage } from "../../timeline/views.ts";
import { jsonOf } from "../json-of.ts";
import { mediaTypeOf } from "../media-type.ts";
import { isReasoning, type TurnEnding, type TurnPart } from "../parts/part.ts";
import type { MediaSource, RunInterrupt, RunUsage, ToolContent, TurnAGUIEvent } from "./event.ts";
import { interruptOf } from "./interrupt.ts";
import { SubAgents } from "./sub-agents.ts";

type PartOf<Type extends TurnPart["type"]> = TurnPart & { readonly type: Type };

const PROTOCOL_VERSION = "1.0";

interface Run {
  readonly turnId: string;
  readonly threadId: string;
  readonly runId: string;
}

/** Converts the parts of one turn to the events of one run. */
export class AGUIConverter {
  readonly #turnId: string;
  readonly #threadId: string;
  readonly #runId: string;
  /** Texts that have started but not ended. */
  readonly #texts = new Map<string, PartOf<"textStart">>();
  /** Calls whose arguments haven't been sent yet. */
  readonly #withoutInput = new Set<string>();
  readonly #steps = new Set<string>();
  readonly #agents = new SubAgents();
  /** The pending requests, by id. */
  readonly #interrupts = new Map<string, RunInterrupt>();

  constructor(run: Run) {
    this.#turnId = run.turnId;
    this.#threadId = run.threadId;
    this.#runId = run.runId;
  }

  *convert(part: TurnPart): Generator<TurnAGUIEvent> {
    switch (part.type) {
      case "start":
        yield { type: "RUN_STARTED", ...this.#run, protocolVersion: PROTOCOL_VERSION };
        return;
      case "textStart":
        this.#texts.set(part.id, part);
        yield* isReasoning(part.kind) ? startReasoning(part.id) : startMessage(part);
        return;
      case "textDelta": {
        const { id, delta } = part;
        const isThought = isReasoning(this.#texts.get(id)?.kind);
        const type = isThought ? "REASONING_MESSAGE_CONTENT" : "TEXT_MESSAGE_CONTENT";
        yield { type, messageId: id, delta };
        return;
      }
      case "textEnd":
        yield* this.#endText(part);
        return;
      case "callStart":
        this.#withoutInput.add(part.id);
        yield { type: "TOOL_CALL_START", toolCallId: part.id, toolCallName: part.name };
        return;
      case "callInput":
        yield* this.#input(part.id, part.input);
        return;
      case "callProgress": {
        const value = { toolCallId: part.id, output: part.output };
        yield { type: "CUSTOM", name: "codex.toolOutput", value };
        return;
      }
      case "callEnd":
        yield* this.#input(part.id, {});
        yield resultOf(part);
        return;
      case "request": {
        const { request, callId: toolCallId } = part;
        this.#interrupts.set(request.id, interruptOf(request, toolCallId));
        yield {
          ...{ type: "CUSTOM", name: "codex.request" },
          value: { request, toolCallId, state: "pending" },
        };
        return;
      }
      case "requestSettled": {
        const { request, callId: toolCallId, reason: state, option } = part;
        const answer = option ? { answer: option.id } : {};
        this.#interrupts.delete(request.id);
        yield {
          ...{ type: "CUSTOM", name: "codex.request" },
          value: { request, toolCallId, state, ...answer },
        };
        return;
      }
      case "userMessage":
        yield { type: "TEXT_MESSAGE_START", messageId: part.id, role: "user" };
        yield { type: "TEXT_MESSAGE_CONTENT", messageId: part.id, delta: part.text };
        yield { type: "TEXT_MESSAGE_END", messageId: part.id };
        return;
      case "steps": {
        const { explanation, steps } = part;
        yield {
          ...{ type: "ACTIVITY_SNAPSHOT", messageId: `${this.#turnId}:plan` },
          ...{ activityType: "PLAN", content: { explanation, steps } },
        };
        return;
      }
      case "diff":
        yield {
          ...{ type: "ACTIVITY_SNAPSHOT", messageId: `${this.#turnId}:diff` },
          ...{ activityType: "DIFF", content: { diff: part.diff } },
        };
        return;
      case "entry":
        yield { type: "CUSTOM", name: "codex.entry", value: part.entry };
        yield* this.#step(part.entry);
        yield* this.#agents.take(part.entry);
        return;
      case "end":
        for (const stepName of [...this.#steps]) yield* this.#finish(stepName);
        yield* this.#agents.suspend([]);
        yield this.#end(part.ending);
    }
  }

  /**
   * The requests that the run can end with: the pending ones, except those in `given`; none while a text
   * or the input of another call is incomplete.
   */
  interrupts(given: ReadonlySet<string>): readonly RunInterrupt[] {
    const all = [...this.#interrupts.values()].filter(({ id }) => !given.has(id));
    const isIncomplete = [...this.#withoutInput].some(
      (id) => !all.some(({ toolCallId }) => toolCallId === id),
    );
    return isIncomplete || this.#texts.size > 0 ? [] : all;
  }

  /** Ends the run with its interrupts. */
  *interrupt(given: ReadonlySet<string>): Generator<TurnAGUIEvent> {
    const interrupts = this.interrupts(given).map((one) => this.#agents.attribute(one));
    // The input of these calls may become known only after the answer.
    for (const { toolCallId } of interrupts) yield* this.#input(toolCallId, {});
    for (const stepName of [...this.#steps]) yield* this.#finish(stepName);
    yield* this.#agents.suspend(interrupts);
    yield { type: "RUN_FINISHED", ...this.#run, outcome: { type: "interrupt", interrupts } };
  }

  *#endText({ id, incomplete }: PartOf<"textEnd">): Generator<TurnAGUIEvent> {
    const start = this.#texts.get(id);
    if (!start) return;
    this.#texts.delete(id);
    const { kind, phase } = start;
    const marks = incomplete ? { metadata: { codex: { kind, phase, incomplete } } } : {};
    if (isReasoning(kind)) {
      yield { type: "REASONING_MESSAGE_END", messageId: id, ...marks };
      yield { type: "REASONING_END", messageId: id };
    } else {
      yield { type: "TEXT_MESSAGE_END", messageId: id, ...marks };
    }
  }

  /** Sends the first known input: AG-UI can't replace arguments later. */
  *#input(toolCallId: string, input: unknown): Generator<TurnAGUIEvent> {
    if (!this.#withoutInput.delete(toolCallId)) return;
    yield { type: "TOOL_CALL_ARGS", toolCallId, delta: jsonOf(input ?? null) };
    yield { type: "TOOL_CALL_END", toolCallId };
  }

  /** The events of an activity that takes time and is neither text nor a call. */
  *#step(entry: Entry): Generator<TurnAGUIEvent> {
    if (entry.kind === "compaction") {
      yield* entry.state === "running" ? this.#begin("compaction") : this.#finish("compaction");
    } else if (entry.kind === "review") {
      yield* entry.action === "begun" ? this.#begin("review") : this.#finish("review");
    }
  }

  *#begin(stepName: string): Generator<TurnAGUIEvent> {
    if (this.#steps.has(stepName)) return;
    this.#steps.add(stepName);
    yield { type: "STEP_STARTED", stepName };
  }

  *#finish(stepName: string): Generator<TurnAGUIEvent> {
    if (this.#steps.delete(stepName)) yield { type: "STEP_FINISHED", stepName };
  }

  #end({ status, error, usage: used }: TurnEnding): TurnAGUIEvent {
    const usage = used ? { usage: [runUsage(used)] } : {};
    if (status === "failed" || status === "lost") {
      const code = error?.code ? { code: error.code } : {};
      return { type: "RUN_ERROR", message: error?.message ?? "The turn failed", ...code, ...usage };
    }
    const type = status === "completed" ? "success" : "cancelled";
    return { type: "RUN_FINISHED", ...this.#run, outcome: { type }, ...usage };
  }

  get #run() {
    return { threadId: this.#threadId, runId: this.#runId };
  }
}

function* startReasoning(messageId: string): Generator<TurnAGUIEvent> {
  yield { type: "REASONING_START", messageId };
  yield { type: "REASONING_MESSAGE_START", messageId, role: "reasoning" };
}

function* startMessage({ id, kind, phase }: PartOf<"textStart">): Generator<TurnAGUIEvent> {
  const metadata = { codex: { kind, phase } };
  yield { type: "TEXT_MESSAGE_START", messageId: id, role: "assistant", metadata };
}

function resultOf({ id, state, output, error, media }: PartOf<"callEnd">): TurnAGUIEvent {
  return {
    ...{ type: "TOOL_CALL_RESULT", messageId: `${id}:result`, toolCallId: id, role: "tool" },
    content: contentOf(state === "completed" ? jsonOf(output) : error, media),
    metadata: { codex: { state } },
  };
}

function contentOf(text: string, media: readonly string[]): ToolContent {
  if (media.length === 0) return text;
  const parts = media.map((url) => {
    const type = mediaTypeOf(url).startsWith("audio/") ? "audio" : "image";
    return { type, source: sourceOf(url) } as const;
  });
  return [{ type: "text", text }, ...parts];
}

function sourceOf(url: string): MediaSource {
  const data = /^data:[^,]*;base64,(.*)$/s.exec(url)?.[1];
  return data === undefined
    ? { type: "url", value: url }
    : { type: "data", value: data, mimeType: mediaTypeOf(url) };
}

function runUsage(usage: TokenUsage): RunUsage {
  const { inputTokens, outputTokens, totalTokens, reasoningOutputTokens, cachedInputTokens } =
    usage;
  return {
    ...{ inputTokens, outputTokens, totalTokens, cachedInputTokens },
    reasoningTokens: reasoningOutputTokens,
  };
}
