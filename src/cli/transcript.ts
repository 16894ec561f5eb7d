import type { Notification, protocol, ThreadItem } from "../index.ts";
import { itemActivity, itemEnd, itemStart } from "./items.ts";
import { join, outputLine, outputText, type Paint, type Shown, show } from "./text.ts";
import { turnEnd } from "./turn-end.ts";

/** A piece of the output. */
export interface Piece {
  /** Whether it is the assistant's text, or about its work. */
  readonly to: "answer" | "log";
  readonly text: Shown;
  /** Whether it starts a new paragraph. */
  readonly block: boolean;
  /** Whether its lines must stay as they are, even if they are longer than a row of the terminal. */
  readonly isPreformatted?: boolean;
}

type TokenUsage = protocol.ThreadTokenUsage;

/** Turns the notifications of one turn into text. Knows nothing of streams and terminals. */
export class Transcript {
  readonly #cwd: string;
  readonly #paint: Paint;
  /** Items whose start was shown. */
  readonly #begun = new Set<string>();
  /** What each running item does, in a few words. */
  readonly #running = new Map<string, Shown>();
  /** How many characters of each message were streamed. */
  readonly #streamed = new Map<string, number>();
  /** The item that the last paragraph belongs to. */
  #open: string | undefined;
  #usage: TokenUsage | undefined;
  #tokensBefore = { input: 0, cached: 0, output: 0 };

  constructor(cwd: string, paint: Paint) {
    this.#cwd = cwd;
    this.#paint = paint;
  }

  /** A few words on what the agent is doing. */
  get activity(): Shown {
    return [...this.#running.values()].at(-1) ?? show`Working`;
  }

  accept({ method, params }: Notification): Piece[] {
    switch (method) {
      case "item/started":
        this.#running.set(params.item.id, itemActivity(params.item));
        return this.begin(params.item);
      case "item/completed":
        this.#running.delete(params.item.id);
        return this.#end(params.item);
      case "item/agentMessage/delta":
        return this.#stream(params.itemId, params.delta);
      case "turn/plan/updated":
        return this.#paragraph(undefined, planText(params, this.#paint));
      case "thread/tokenUsage/updated":
        this.#count(params.tokenUsage);
        return [];
      case "error":
        return params.willRetry ? this.#paragraph(undefined, this.#retry(params.error)) : [];
      case "turn/completed":
        return this.#paragraph(undefined, turnEnd(params.turn, this.#tokens(), this.#paint));
      default:
        return [];
    }
  }

  /** Shows what an item does, unless that was shown: an approval may come before its item is read. */
  begin(item: ThreadItem): Piece[] {
    const text = this.#begun.has(item.id) ? undefined : itemStart(item, this.#cwd, this.#paint);
    if (text === undefined) return [];
    this.#begun.add(item.id);
    return this.#paragraph(item.id, text).map((piece) => ({
      ...piece,
      // A wrapped line of a diff would look like two lines.
      ...(item.type === "fileChange" ? { isPreformatted: true } : {}),
    }));
  }

  #end(item: ThreadItem): Piece[] {
    if (item.type === "agentMessage") return this.#endMessage(item);
    const start = this.begin(item);
    const end = itemEnd(item, this.#paint);
    if (end === undefined) return start;
    if (this.#open === item.id) return [...start, { to: "log", text: end, block: false }];
    const header = itemStart(item, this.#cwd, this.#paint)?.split("\n", 1)[0] as Shown | undefined;
    return this.#paragraph(item.id, header === undefined ? end : show`${header}\n${end}`);
  }

  #stream(id: string, delta: string): Piece[] {
    const shown = this.#streamed.get(id) ?? 0;
    this.#streamed.set(id, shown + delta.length);
    const block = this.#open !== id;
    this.#open = id;
    return [{ to: "answer", text: outputText(delta), block }];
  }

  /** The server sends short messages without deltas: what wasn't streamed is shown now. */
  #endMessage({ id, text }: { readonly id: string; readonly text: string }): Piece[] {
    const rest = text.slice(this.#streamed.get(id) ?? 0);
    this.#streamed.delete(id);
    if (text === "") return [];
    const pieces = rest === "" ? [] : this.#stream(id, rest);
    return text.endsWith("\n")
      ? pieces
      : [...pieces, { to: "answer", text: show`\n`, block: false }];
  }

  #paragraph(id: string | undefined, text: Shown): Piece[] {
    this.#open = id;
    return [{ to: "log", text, block: true }];
  }

  #retry({ message, additionalDetails }: protocol.TurnError): Shown {
    const details = additionalDetails ? ` (${additionalDetails})` : "";
    return show`${this.#paint("yellow", outputLine(message + details))}\n`;
  }

  /** The server counts the whole thread, so what earlier turns used is subtracted. */
  #count(usage: TokenUsage): void {
    if (!this.#usage) {
      const { total, last } = usage;
      this.#tokensBefore = {
        input: total.inputTokens - last.inputTokens,
        cached: total.cachedInputTokens - last.cachedInputTokens,
        output: total.outputTokens - last.outputTokens,
      };
    }
    this.#usage = usage;
  }

  #tokens(): { input: number; cached: number; output: number } | undefined {
    const total = this.#usage?.total;
    const before = this.#tokensBefore;
    return (
      total && {
        input: total.inputTokens - before.input,
        cached: total.cachedInputTokens - before.cached,
        output: total.outputTokens - before.output,
      }
    );
  }
}

function planText(
  { explanation, plan }: protocol.TurnPlanUpdatedNotification,
  paint: Paint,
): Shown {
  const marks = { completed: show`✓`, inProgress: show`→`, pending: show`·` };
  const why = explanation ? show`  ${paint("dim", outputLine(explanation))}\n` : show``;
  const steps = plan.map(({ step, status }) => {
    const text = show`${marks[status] ?? marks.pending} ${outputLine(step)}`;
    return show`  ${status === "completed" ? paint("dim", text) : text}\n`;
  });
  return show`${paint("bold", show`Plan`)}\n${why}${join(steps)}`;
}
