import type { Notification } from "../rpc/messages.ts";
import { onCollected } from "../util/on-collected.ts";
import type { DeltaLine } from "./delta-line.ts";
import { type Delta, DeltaRun, notificationOf } from "./delta-run.ts";
import { type DeltaPart, isDelta } from "./deltas.ts";
import { DeltaGroup, Entry } from "./entries.ts";
import { itemIn } from "./foreign.ts";
import type { ItemText } from "./item-texts.ts";
import { LogReader, type ReadLog, type Wakeable } from "./log-reader.ts";
import { snapshotKey } from "./snapshots.ts";
import { Streams } from "./streams.ts";
import type { StreamedDeltas } from "./unfinished.ts";
import { Wakes } from "./wakes.ts";

export interface EventLogOptions {
  /**
   * Whether every reader gets everything. Otherwise each reader gets only what arrives after the
   * reader was created.
   */
  readonly retain: boolean;
  /** Wakes the readers of several logs together. */
  readonly wakes?: Wakes | undefined;
}

/**
 * A log that retains nothing limits the length of its runs, because the text of a run is only freed
 * as a whole.
 */
const MAX_FORGETTABLE = 64 * 1024;

/**
 * Notifications for any number of readers, early or late. Each reader gets all of them in order,
 * with two exceptions that limit the cost of late and slow readers. Unread deltas of one part are
 * joined if there are only deltas between them; a reader that keeps up gets each delta unchanged,
 * except that deltas of one iteration of the event loop are joined. And a log that retains
 * everything drops a snapshot when the next one replaces it; see `snapshotKey`.
 */
export class EventLog implements ReadLog, StreamedDeltas {
  /** Where readers start; undefined if nothing is retained. */
  #first: Entry | undefined;
  /** Whether everything since the log's creation was retained. */
  readonly #isWhole: boolean;
  #ending: { readonly reason: unknown } | undefined;
  /** The run of the last delta, while the next line can be added to it. */
  #run: DeltaRun | undefined;
  /** The group that takes the next delta. */
  #group: DeltaGroup | undefined;
  /** The first waiting reader. */
  #waiting: Wakeable | undefined;
  #isWaking = false;
  #readers = 0;
  #last: Entry;
  readonly #wakes: Wakes;
  readonly #snapshots = new Map<string, Entry>();
  readonly #streams = new Streams();
  /** Cancels the count of readers that are dropped without `return()`. */
  readonly #watched: WeakMap<Wakeable, () => void> | undefined;

  constructor({ retain, wakes = new Wakes() }: EventLogOptions) {
    this.#wakes = wakes;
    this.#last = new Entry();
    this.#first = retain ? this.#last : undefined;
    this.#isWhole = retain;
    this.#watched = retain ? undefined : new WeakMap();
  }

  get isRetained(): boolean {
    return this.#first !== undefined;
  }

  /** Makes every reader get everything from now on. */
  retain(): void {
    if (this.#first) return;
    this.#leaveGroup();
    this.#first = this.#last;
  }

  append(notification: Notification): void {
    if (!this.#takes) return;
    if (isDelta(notification)) {
      this.#extend(notification, notification.params.delta, notification);
      return;
    }
    const entry = this.#push(notification);
    if (this.#first) this.#shed(notification, entry);
    this.wake();
    this.#closeGroup();
  }

  /** Appends a line; the same as `append` with its notification. */
  appendLine(line: DeltaLine): void {
    const run = this.#run;
    if (run?.takes(line.part)) this.#add(run, line.text, line);
    else if (this.#takes) this.#extend(line.part, line.text, line);
  }

  /**
   * Notes that no more notifications will arrive. If there is a reason, it is thrown to readers after the last notification.
   */
  end(reason?: unknown): void {
    if (this.#ending) return;
    this.#ending = { reason };
    this.wake();
    this.#closeGroup();
  }

  get ending(): { readonly reason: unknown } | undefined {
    return this.#ending;
  }

  read(): LogReader;
  /** Creates a reader that yields what `pick` returns for each notification, and skips undefined. */
  read<T>(pick: (notification: Notification) => T | undefined): LogReader<T>;
  read<T>(pick?: (notification: Notification) => T | undefined): LogReader<T | Notification> {
    if (!this.#first) this.#leaveGroup();
    const start = this.#first ?? this.#last;
    const reader = new LogReader<T | Notification>(this, start, pick ?? ((one) => one));
    this.#readers++;
    this.#watched?.set(reader, onCollected(reader, this, EventLog.#forgetReader));
    return reader;
  }

  get hasReaders(): boolean {
    return this.#readers > 0;
  }

  get readers(): number {
    return this.#readers;
  }

  /** The deltas of an uncompleted item, joined by part. */
  streamed(itemId: string): ItemText[] {
    return this.#streams.of(itemId);
  }

  /** The ids of uncompleted items with deltas, in the order of their first deltas. */
  get streaming(): Iterable<string> {
    return this.#streams.itemIds;
  }

  /** Everything retained except the deltas. */
  *notifications(): Generator<Notification, void> {
    for (let entry = this.#first; entry; entry = entry.next) {
      if (entry.content && !(entry.content instanceof DeltaGroup)) yield entry.content;
    }
  }

  /**
   * Everything so far, without the deltas of completed items; undefined if something wasn't retained.
   */
  soFar(): Iterable<Notification> | undefined {
    return this.#isWhole && !this.#ending ? this.#unfinished() : undefined;
  }

  *#unfinished(): Generator<Notification, void> {
    for (let entry = this.#first; entry; entry = entry.next) {
      if (entry.content instanceof DeltaGroup) yield* this.#streams.uncompleted(entry.content.runs);
      else if (entry.content) yield entry.content;
    }
  }

  wakeLater(reader: Wakeable): void {
    reader.nextWaiting = this.#waiting;
    this.#waiting = reader;
  }

  leave(reader: Wakeable): void {
    this.#watched?.get(reader)?.();
    EventLog.#forgetReader(this);
  }

  /** Gives waiting readers everything that has arrived. */
  wake(): void {
    this.#isWaking = false;
    let reader = this.#waiting;
    this.#waiting = undefined;
    while (reader) {
      const next: Wakeable | undefined = reader.nextWaiting;
      reader.nextWaiting = undefined;
      if (!reader.wake()) this.wakeLater(reader);
      reader = next;
    }
    this.#group?.settle();
  }

  get #takes(): boolean {
    return this.#ending === undefined && (this.#first !== undefined || this.hasReaders);
  }

  #extend(part: DeltaPart, text: string, delta: Delta): void {
    const run = this.#openRunOf(part) ?? this.#openRun(delta);
    if (this.#first) this.#run = run;
    this.#add(run, text, delta);
  }

  #add(run: DeltaRun, text: string, delta: Delta): void {
    if (this.#waiting) this.#expect(run, delta);
    run.append(text);
  }

  /**
   * Gives waiting readers the delta, and those that join it, at the end of the event loop's
   * iteration.
   */
  #expect(run: DeltaRun, delta: Delta): void {
    run.expect(delta);
    this.#wakes.flow();
    if (this.#isWaking) return;
    this.#isWaking = true;
    this.#wakes.add(this);
  }

  #openRunOf(part: DeltaPart): DeltaRun | undefined {
    const run = this.#group?.runOf(part);
    if (!run || this.#first || run.length < MAX_FORGETTABLE) return run;
    this.#group = undefined;
    return undefined;
  }

  #openRun(delta: Delta): DeltaRun {
    const run = new DeltaRun(notificationOf(delta));
    if (!this.#group || this.#group.isFull) {
      this.#closeGroup();
      this.#group = new DeltaGroup();
      this.#push(this.#group);
    }
    this.#group.add(run);
    if (this.#first) this.#streams.add(run);
    return run;
  }

  #closeGroup(): void {
    this.#group?.close();
    this.#group = undefined;
    this.#run = undefined;
  }

  /** Closes the current group before a reader starts, because its deltas came before that reader. */
  #leaveGroup(): void {
    if (this.#group === undefined) return;
    this.#closeGroup();
    this.#push();
  }

  #push(content?: Notification | DeltaGroup): Entry {
    const entry = new Entry(content);
    if (this.#first) entry.previous = this.#last;
    this.#last.next = entry;
    this.#last = entry;
    return entry;
  }

  /** Drops what the notification replaces, and text that it repeats. */
  #shed(notification: Notification, entry: Entry): void {
    const item = notification.method === "item/completed" ? itemIn(notification.params) : undefined;
    if (item) this.#streams.complete(item);
    const key = snapshotKey(notification);
    if (key === undefined) return;
    this.#snapshots.get(key)?.remove();
    this.#snapshots.set(key, entry);
  }

  static #forgetReader(log: EventLog): void {
    log.#readers--;
    if (log.#readers > 0 || log.#first) return;
    log.#group = undefined;
    log.#last = new Entry();
  }
}
