import type { ErrorNotification, ThreadItem, TurnError } from "../protocol/index.ts";
import type { Notification } from "../rpc/messages.ts";
import { type Deferred, deferred } from "../util/deferred.ts";
import type { DeltaLine } from "./delta-line.ts";
import { EventLog } from "./event-log.ts";
import { TurnFold, type TurnState } from "./fold.ts";
import { GapFiller } from "./gap.ts";
import type { LogReader } from "./log-reader.ts";
import { textPicker } from "./text-deltas.ts";
import type { Wakes } from "./wakes.ts";

/** A turn as this client knows it: what has come of it, for those who read, and how it ended. */
export class TurnRecord {
  readonly threadId: string;
  readonly turnId: string;
  /** After a gap: what completes the record before the turn may end. */
  beforeEnd: (() => Promise<void>) | undefined;
  /** Hears when the server begins to try the model again, and with undefined when it goes on. */
  onRetry: ((error: TurnError | undefined) => void) | undefined;
  readonly #log: EventLog;
  readonly #fold: TurnFold;
  readonly #started: Deferred<void> = deferred();
  readonly #ended: Deferred<TurnState> = deferred();
  #gap: GapFiller | undefined;
  #lacksUsage = false;
  #silence = 0;
  #retryError: TurnError | undefined;
  #hasStarted = false;
  #over = false;
  #completed = false;

  /** `wakes` wakes the readers of several turns together. */
  constructor(threadId: string, turnId: string, wakes?: Wakes) {
    this.threadId = threadId;
    this.turnId = turnId;
    this.#log = new EventLog({ retain: true, wakes });
    this.#fold = new TurnFold(this.#log);
  }

  /** Resolves when the server has begun to work on the turn, or the turn is over. */
  get started(): Promise<void> {
    return this.#started.promise;
  }

  /** Whether `turn/started` has come. */
  get hasStarted(): boolean {
    return this.#hasStarted;
  }

  /** Resolves when the turn has ended, however it did; rejects when its end can't be known. */
  get ended(): Promise<TurnState> {
    return this.#ended.promise;
  }

  /** Whether those who wait for the turn have been told its end. */
  get over(): boolean {
    return this.#over;
  }

  /** Whether the server has ended the turn, or can't be asked any more. */
  get completed(): boolean {
    return this.#completed;
  }

  /** What is known of the turn now, with the text that was streamed of items that are not completed. */
  get state(): TurnState {
    return this.#fold.state;
  }

  item(id: string): ThreadItem | undefined {
    return this.#fold.item(id);
  }

  /** All items, as they were last seen, in the order in which they were started. */
  items(): ThreadItem[] {
    return this.#fold.items();
  }

  read(): LogReader {
    return this.#log.read();
  }

  /** Only the text of the agent's messages. */
  readText(): LogReader<string> {
    return this.#log.read(textPicker());
  }

  accept(notification: Notification): void {
    this.#silence = 0;
    if (this.#isKnown(notification)) return;
    this.#followRetries(notification);
    if (notification.method === "turn/started") {
      this.#hasStarted = true;
      this.#started.resolve();
    }
    if (!this.#over) {
      for (const one of this.#gap?.fill(notification) ?? [notification]) {
        this.#fold.apply(one);
        this.#log.append(one);
      }
    }
    if (notification.method === "thread/tokenUsage/updated") this.#lacksUsage = false;
    if (notification.method === "turn/completed") this.#complete();
  }

  /** The same as `accept` of the line's notification; false when only that can be accepted. */
  acceptLine(line: DeltaLine): boolean {
    if (this.#gap || this.#retryError) return false;
    this.#silence = 0;
    if (!this.#over) this.#log.appendLine(line);
    return true;
  }

  /** Notifications may have been lost since the last one. What readers would miss is mended from now on. */
  missed(): void {
    this.#lacksUsage = true;
    if (!this.#over) this.#gap = new GapFiller(this.#fold, this.#log);
  }

  /** Whether the turn's last token usage may have been lost. */
  get lacksUsage(): boolean {
    return this.#lacksUsage;
  }

  /** Puts the completed items into the server's order; those that it does not name go last. */
  arrange(itemIds: readonly string[]): void {
    this.#fold.arrange(itemIds);
  }

  /** What the server said last, while it tries to reach the model again. */
  get retryError(): TurnError | undefined {
    return this.#retryError;
  }

  /** How often this was called since the turn was last heard of. */
  countSilence(): number {
    return ++this.#silence;
  }

  /** Ends the wait of all who wait for the turn, with this reason; on the server it goes on. */
  abandon(reason: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.#log.end(reason);
    this.#ended.reject(reason);
  }

  /** Nothing more can be known of the turn. Those who wait get this error, after what had come. */
  fail(error: Error): void {
    this.abandon(error);
    this.#complete();
  }

  #complete(): void {
    this.#started.resolve();
    this.#completed = true;
    if (this.#over) return;
    this.#over = true;
    this.#log.end();
    this.#ended.resolve(this.#fold.state);
  }

  #followRetries({ method, params }: Notification): void {
    const retry = method === "error" && (params as Partial<ErrorNotification> | null)?.willRetry;
    if (!retry && this.#retryError === undefined) return;
    this.#retryError = retry ? (params as ErrorNotification).error : undefined;
    this.onRetry?.(this.#retryError);
  }

  /** After a lost connection the same can be told twice: by the server anew, and by its history. */
  #isKnown({ method, params }: Notification): boolean {
    switch (method) {
      case "turn/started":
        return this.#hasStarted;
      case "item/started":
        return this.#fold.item(itemIdOf(params)) !== undefined;
      case "item/completed":
        return this.#fold.isCompleted(itemIdOf(params));
      default:
        return false;
    }
  }
}

function itemIdOf(params: unknown): string {
  return (params as { item?: { id?: string } } | null)?.item?.id ?? "";
}
