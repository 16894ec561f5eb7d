import { CodexError } from "../../errors/errors.ts";
import type { SettledReason } from "../../errors/request-errors.ts";
import type { AnswerOption, PendingRequestData } from "../../requests/pending-request-data.ts";
import { quoteForeign, safeMessage } from "../../text/secrets.ts";
import { errorView } from "../../timeline/errors.ts";
import { type Foreign, numberOrNull, recordOf, records, text } from "../../timeline/foreign.ts";
import { ItemIds } from "../../timeline/item-ids.ts";
import type { StreamMethod } from "../../timeline/item-model.ts";
import { Note, type NoteContent } from "../../timeline/note.ts";
import { noted, retry, warning } from "../../timeline/notices.ts";
import { minus, usageOf } from "../../timeline/usage.ts";
import { userMessage } from "../../timeline/user-message.ts";
import type { TokenUsage } from "../../timeline/views.ts";
import { TurnAbortedError } from "../../turn/unfinished-errors.ts";
import { messageOf } from "../../util/describe.ts";
import { OpenItem } from "./open-item.ts";
import type { TurnEnding, TurnPart } from "./part.ts";
import { RequestParts } from "./requests.ts";

/** The maximum length of the server's message about a failed turn. */
const MAX_ERROR = 4_000;

/** A notification of the turn, with unchecked params. */
interface Received {
  readonly method: string;
  readonly params?: unknown;
}

interface EarlyRequest {
  readonly request: PendingRequestData;
  readonly itemId: string;
}

/** Converts the notifications and requests of one turn to parts. Accepts whatever the server sends. */
export class TurnParts {
  readonly #turnId: string;
  readonly #items = new Map<string, OpenItem>();
  readonly #completed = new Set<string>();
  readonly #ids = new ItemIds((id) => this.#items.has(id) || this.#completed.has(id));
  readonly #requests = new RequestParts();
  /** Requests about items that haven't been read yet, by the requests' ids. */
  readonly #early = new Map<string, EarlyRequest>();
  #hasBegun = false;
  #usedBefore: TokenUsage | undefined;
  #usage: TokenUsage | null = null;
  #diff = "";
  #firstMessage: (TurnPart & { readonly type: "userMessage" }) | undefined;
  #retrying: Note | undefined;
  #retries = 0;
  #hasEnded = false;

  constructor(turnId: string) {
    this.#turnId = turnId;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /**
   * The message that started the turn. It isn't one of the turn's parts, because a program that
   * shows the turn already has it.
   */
  get firstMessage(): (TurnPart & { readonly type: "userMessage" }) | undefined {
    return this.#firstMessage;
  }

  *take({ method, params: given }: Received): Generator<TurnPart> {
    if (this.#hasEnded) return;
    const params = recordOf(given);
    switch (method) {
      case "item/agentMessage/delta":
      case "item/plan/delta":
      case "item/commandExecution/outputDelta":
        yield* this.#append(method, params, 0);
        return;
      case "item/reasoning/summaryTextDelta":
        yield* this.#append(method, params, params.summaryIndex);
        return;
      case "item/reasoning/textDelta":
        yield* this.#append(method, params, params.contentIndex);
        return;
      case "item/started":
        this.#separate(recordOf(params.item));
        yield* this.#start(recordOf(params.item), numberOrNull(params.startedAtMs));
        return;
      case "item/completed":
        yield* this.#ended(recordOf(params.item), numberOrNull(params.completedAtMs));
        return;
      case "item/fileChange/patchUpdated":
        yield* this.#replaceChanges(params);
        return;
      case "item/mcpToolCall/progress":
        yield* this.#item(params)?.progress(text(params.message)) ?? [];
        return;
      case "turn/diff/updated":
        yield* this.#change(text(params.diff));
        return;
      case "thread/tokenUsage/updated":
        yield* this.#count(recordOf(params.tokenUsage));
        return;
      case "error":
        yield* this.#fail(params);
        return;
      case "turn/completed":
        yield* this.#finish(recordOf(params.turn));
        return;
      default:
        yield* this.#note(method, params);
    }
  }

  /**
   * `itemId`: the item of this turn that the request belongs to. The item has already
   * started, or will be read later.
   */
  *ask(request: PendingRequestData, itemId: string | undefined): Generator<TurnPart> {
    if (this.#hasEnded) return;
    const partId = itemId === undefined ? undefined : this.#ids.of(itemId);
    const item = partId === undefined ? undefined : this.#items.get(partId);
    const willBeRead = partId !== undefined && !item && !this.#completed.has(partId);
    if (willBeRead && itemId !== undefined) this.#early.set(request.id, { request, itemId });
    else yield* this.#requests.ask(request, item?.call);
  }

  /** Shows a request again, because an answer to it wasn't accepted. */
  *repeat({ id }: PendingRequestData): Generator<TurnPart> {
    yield* this.#requests.repeat(id);
  }

  *settle(
    { id }: PendingRequestData,
    reason: SettledReason,
    option: AnswerOption | undefined,
  ): Generator<TurnPart> {
    this.#early.delete(id);
    yield* this.#requests.settle(id, reason, option);
  }

  /** Ends a turn that can't be read to its end: the client has lost it, or the caller has aborted it. */
  *lose(error: unknown): Generator<TurnPart> {
    const isAborted = error instanceof TurnAbortedError;
    yield* this.#end({
      status: isAborted ? "interrupted" : "lost",
      error: {
        message: safeMessage(messageOf(error)),
        code: error instanceof CodexError ? error.code : null,
      },
      durationMs: null,
    });
  }

  *#append(method: StreamMethod, { itemId, delta }: Foreign, index: unknown): Generator<TurnPart> {
    if (typeof itemId !== "string" || typeof delta !== "string") return;
    if (this.#retrying) yield* this.#endRetry();
    yield* this.#items.get(this.#ids.of(itemId))?.append(method, delta, index) ?? [];
  }

  *#start(item: Foreign, startedAt: number | null): Generator<TurnPart> {
    if (typeof item.id !== "string") return;
    const id = this.#ids.of(item.id);
    if (this.#items.has(id) || this.#completed.has(id)) return;
    yield* this.#endRetry();
    const open = new OpenItem(id, item, startedAt);
    this.#items.set(id, open);
    yield* open.start();
    for (const { request, itemId } of [...this.#early.values()]) {
      if (itemId !== item.id) continue;
      this.#early.delete(request.id);
      yield* this.ask(request, itemId);
    }
  }

  *#ended(item: Foreign, endedAt: number | null): Generator<TurnPart> {
    this.#separate(item);
    const running =
      typeof item.id === "string" ? this.#items.get(this.#ids.of(item.id)) : undefined;
    if (typeof item.id !== "string" || !running?.isOther(item)) {
      yield* this.#complete(item, endedAt);
      return;
    }
    // Of simultaneous calls with the same id, the server may have announced only the first.
    const id = this.#ids.another(item.id);
    this.#completed.add(id);
    const other = new OpenItem(id, item, null);
    yield* other.start();
    yield* other.complete(item, endedAt);
  }

  *#complete(item: Foreign, endedAt: number | null): Generator<TurnPart> {
    if (typeof item.id !== "string") return;
    const id = this.#ids.of(item.id);
    if (this.#completed.has(id)) return;
    if (!this.#items.has(id)) yield* this.#start(item, null);
    const open = this.#items.get(id);
    this.#items.delete(id);
    this.#completed.add(id);
    yield* this.#requests.endCall(id);
    yield* open?.complete(item, endedAt) ?? [];
    if (item.type === "userMessage") yield* this.#add(id, item);
    if (item.type !== "enteredReviewMode") this.#hasBegun = true;
  }

  *#add(id: string, item: Foreign): Generator<TurnPart> {
    const base = { id, state: "completed", startedAt: null, endedAt: null } as const;
    const source = { base: { ...base, incomplete: false }, item, text: "" };
    const none = { summary: [], raw: [], output: { head: "", omitted: 0, tail: "" } };
    const { text: words, attachments } = userMessage({ ...source, ...none, progress: null });
    const message = { type: "userMessage", id, text: words, attachments } as const;
    if (this.#hasBegun) yield message;
    else this.#firstMessage = message;
  }

  /** Replaces the changes of a patch, unless an approval shows them: the model can stream another patch with the same id. */
  *#replaceChanges(params: Foreign): Generator<TurnPart> {
    const item = this.#item(params);
    if (!item || this.#requests.wasAskedAbout(item.id)) return;
    yield* item.update({ changes: params.changes });
  }

  /** Passes on a diff that has changed. */
  *#change(diff: string): Generator<TurnPart> {
    if (diff === this.#diff) return;
    this.#diff = diff;
    yield { type: "diff", diff };
  }

  *#count(tokens: Foreign): Generator<TurnPart> {
    const [total, last] = [usageOf(tokens.total), usageOf(tokens.last)];
    if (!total || !last) return;
    this.#usedBefore ??= minus(total, last);
    this.#usage = minus(total, this.#usedBefore);
    yield { type: "usage", usage: this.#usage };
  }

  /** Shows an error after which the server retries. An error that ends the turn is part of the turn's end. */
  *#fail(params: Foreign): Generator<TurnPart> {
    const content = params.willRetry === true ? retry(params, null) : undefined;
    if (!content) return;
    const note = this.#retrying ?? this.#noteOf(`retry:${++this.#retries}`, content);
    this.#retrying = note;
    note.content = content;
    yield { type: "entry", entry: note.view(false) };
  }

  *#endRetry(): Generator<TurnPart> {
    const note = this.#retrying;
    if (!note) return;
    this.#retrying = undefined;
    note.content = { ...note.content, state: "completed" };
    yield { type: "entry", entry: note.view(false) };
  }

  *#note(method: string, params: Foreign): Generator<TurnPart> {
    const note = noted(method, params, null) ?? warning(method, params, null);
    if (!note) return;
    const { fields } = note.content;
    if (fields.kind === "plan") {
      yield { type: "steps", explanation: fields.text, steps: fields.steps };
      return;
    }
    yield { type: "entry", entry: this.#noteOf(note.key, note.content).view(false) };
  }

  #noteOf(key: string, content: NoteContent): Note {
    return new Note(`${this.#turnId}:${key}`, content, 0);
  }

  *#finish(turn: Foreign): Generator<TurnPart> {
    for (const item of records(turn.items)) yield* this.#complete(item, null);
    const { status } = turn;
    const error = errorView(turn.error);
    yield* this.#end({
      status: status === "completed" || status === "interrupted" ? status : "failed",
      error: error && {
        message: quoteForeign(detailed(error.message, error.details), MAX_ERROR),
        code: error.code,
      },
      durationMs: numberOrNull(turn.durationMs),
    });
  }

  *#end(ending: Omit<TurnEnding, "usage">): Generator<TurnPart> {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#early.clear();
    yield* this.#endRetry();
    yield* this.#requests.end();
    for (const item of this.#items.values()) yield* item.cut();
    this.#items.clear();
    yield { type: "end", ending: { ...ending, usage: this.#usage } };
  }

  #item({ itemId }: Foreign): OpenItem | undefined {
    return typeof itemId === "string" ? this.#items.get(this.#ids.of(itemId)) : undefined;
  }

  /** Gives an item that reuses the id of an ended one an id of its own: the turn's stream repeats no item. */
  #separate({ id }: Foreign): void {
    if (typeof id === "string" && this.#completed.has(this.#ids.of(id))) this.#ids.separate(id);
  }
}

function detailed(message: string, details: string | null): string {
  return details === null ? message : `${message}: ${details}`;
}
