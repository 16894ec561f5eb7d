import type { Notification } from "../rpc/messages.ts";
import { DeltaLine } from "./delta-line.ts";
import { type DeltaNotification, type DeltaPart, DeltaRun, isDelta } from "./deltas.ts";
import { LogReader } from "./log-reader.ts";

/**
 * The notifications of a turn for any number of readers, early or late. Each reader gets all of
 * them in order. Deltas that a reader has not taken yet reach it joined, so that neither a late
 * reader nor a slow one costs more memory than the text; one that keeps up gets each as it came.
 * Deltas join only where nothing but deltas stood between them.
 */
export class EventLog {
  readonly #retain: boolean;
  readonly #history: (Notification | DeltaRun)[] = [];
  readonly #readers = new Set<LogReader>();
  #openRuns: DeltaRun[] = [];
  #ended = false;
  #reason: unknown;

  /** Without `retain`, a reader gets what comes after it was made. */
  constructor(options: { retain: boolean }) {
    this.#retain = options.retain;
  }

  append(notification: Notification): void {
    if (this.#ended || (!this.#retain && !this.hasReaders)) return;
    if (isDelta(notification)) {
      this.#extend(notification, notification.params.delta, notification);
      return;
    }
    this.#openRuns = [];
    if (this.#retain) this.#history.push(notification);
    for (const reader of this.#readers) reader.push(notification);
  }

  /** The same as `append` of the line's notification. */
  appendLine(line: DeltaLine): void {
    if (this.#ended || (!this.#retain && !this.hasReaders)) return;
    this.#extend(line.part, line.text, line);
  }

  /** No more will come. With a reason, readers get it thrown after the last notification. */
  end(reason?: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#reason = reason;
    for (const reader of this.#readers) reader.end(reason);
    this.#readers.clear();
  }

  read(): LogReader {
    const reader = new LogReader(() => this.#readers.delete(reader));
    for (const entry of this.#history) {
      if (entry instanceof DeltaRun) reader.extend(entry, 0);
      else reader.push(entry);
    }
    if (this.#ended) reader.end(this.#reason);
    else this.#readers.add(reader);
    return reader;
  }

  get hasReaders(): boolean {
    return this.#readers.size > 0;
  }

  /** How much of an agent message the log has, in characters. */
  textLength(itemId: string): number {
    const runs = this.#history.filter((entry) => entry instanceof DeltaRun);
    return runs.reduce((sum, run) => sum + (run.isTextOf(itemId) ? run.length : 0), 0);
  }

  #extend(part: DeltaPart, text: string, delta: DeltaNotification | DeltaLine): void {
    const open = this.#openRunOf(part);
    const from = open?.length ?? 0;
    open?.append(text);
    const run = open ?? this.#openRun(notificationOf(delta));
    let notification: DeltaNotification | undefined;
    for (const reader of this.#readers) {
      if (reader.hasUnread(run)) continue;
      notification ??= notificationOf(delta);
      reader.extend(run, from, notification);
    }
  }

  #openRunOf(part: DeltaPart): DeltaRun | undefined {
    for (const run of this.#openRuns) if (run.takes(part)) return run;
    return undefined;
  }

  #openRun(delta: DeltaNotification): DeltaRun {
    const run = new DeltaRun(delta);
    this.#openRuns.push(run);
    if (this.#retain) this.#history.push(run);
    return run;
  }
}

function notificationOf(delta: DeltaNotification | DeltaLine): DeltaNotification {
  return delta instanceof DeltaLine ? delta.notification() : delta;
}
