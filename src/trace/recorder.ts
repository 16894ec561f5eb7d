import { isRecord } from "../util/describe.ts";
import { version } from "../version.ts";
import { atExit } from "./at-exit.ts";
import { DeltaJoiner, type ShortDelta } from "./delta-joiner.ts";
import {
  type CompleteDeltas,
  contentOf,
  type JoinedGroup,
  type JoinedTexts,
  oneLength,
} from "./delta-run.ts";
import { DeltaRuns } from "./delta-runs.ts";
import { type Direction, TRACE_VERSION, type TracedEndpoint, type TraceHeader } from "./format.ts";
import type { TraceMask } from "./mask.ts";
import { DEFAULT_MAX_BYTES, type TraceOptions } from "./options.ts";
import { TraceFile } from "./trace-file.ts";
import { TracePath } from "./trace-path.ts";

export interface RecorderOptions {
  /** The file to write; without it, only `watch` is called. */
  readonly file?: TraceOptions | undefined;
  /** Called with each line, the header first. Must not throw. */
  readonly watch?: ((line: string) => void) | undefined;
  readonly endpoint: TracedEndpoint;
  readonly mask: TraceMask;
  /** Called once, when the file can no longer be written. */
  readonly failed: (file: string, cause: unknown) => void;
}

/** A delta, as the client read it from its line. */
export interface ReceivedDelta extends ShortDelta {
  /** The line up to its text. */
  readonly head: string;
  /** The text as the content of a JSON string. */
  readonly json: string;
  /** The digits of the line's `emittedAtMs`; empty if there are none. */
  readonly time: string;
}

/** The longest message that is recorded if there is no file. */
const MOST_CHARS = 16 * 2 ** 20;

/** The maximum number of deltas that are added together. */
const JOINED_DELTAS = 512;
/** Texts of this length or more aren't joined with others here, nor converted to JSON again. */
const LONG = 128;

/**
 * Writes the messages of a client and its server, and the events of their connection, in the format
 * of traces. Starts with the first entry. Never throws.
 */
export class TraceRecorder implements Disposable {
  readonly #options: RecorderOptions;
  readonly #runs: DeltaRuns;
  #file: TraceFile | undefined;
  #hasBegun = false;
  #isOver = false;
  /**
   * The time of this callback of the event loop, cached because reading the clock costs more than
   * recording a delta.
   */
  #now = -1;
  #start = 0;
  /** The time of the last entry, in microseconds. No two entries have the same time. */
  #last = -1;
  /**
   * The latest deltas in this callback of the event loop. Their lines begin with the same head and
   * have the same `emittedAtMs`: adding them together takes a fraction of the time. The head is empty
   * if there are none.
   */
  #deltas: ReceivedDelta[] = [];
  readonly #joiner = new DeltaJoiner(JOINED_DELTAS, LONG);
  #head = "";
  #emitted = "";
  /** The time of the first of these deltas. */
  #firstAt = 0;

  constructor(options: RecorderOptions) {
    this.#options = options;
    const { mask } = options;
    this.#runs = new DeltaRuns(
      (deltas) => this.#writeDeltas(deltas),
      (text) => mask.apply(text) === text,
    );
  }

  /** `isJson`: whether the text is known to be JSON. */
  message(direction: Direction, text: string, isJson: boolean = false): void {
    if (this.#isOver) return;
    this.#addTexts();
    const at = this.#time();
    if (direction === "receive" && this.#runs.add(text, at)) return;
    this.#options.mask.known(this.#runs.endedBy(text));
    this.#write(`{"at":${at / 1000},"${direction}":`, this.#masked(text, isJson), "}");
  }

  /** Records a delta that was received. */
  delta(line: ReceivedDelta): void {
    if (line.text.length >= LONG) {
      this.#addLongText(line);
      return;
    }
    if (line.head !== this.#head || line.time !== this.#emitted) {
      this.#addTexts();
      if (this.#isOver) return;
      this.#head = line.head;
      this.#emitted = line.time;
      this.#firstAt = this.#time();
    }
    if (this.#deltas.push(line) === JOINED_DELTAS) this.#addTexts();
  }

  /** `details` is masked like messages. */
  event(event: string, details: object = {}): void {
    if (this.#isOver) return;
    this.#addTexts();
    const at = this.#time();
    const members = this.#options.mask.apply(JSON.stringify({ event, ...details }));
    this.#write(`{"at":${at / 1000},${members.slice(1)}`);
  }

  [Symbol.dispose](): void {
    if (this.#isOver) return;
    this.#addTexts();
    this.#runs.closeAll();
    this.event("end");
    this.#isOver = true;
    this.#file?.close();
    atExit.delete(this);
  }

  /** The time since the first entry, in microseconds. */
  #time(): number {
    if (this.#now === -1) {
      if (this.#start === 0) this.#start = performance.now();
      this.#now = Math.round((performance.now() - this.#start) * 1000);
      // An iteration of the event loop for each chunk of input would cost more than everything
      // else.
      process.nextTick(() => {
        this.#addTexts();
        this.#now = -1;
      });
    }
    this.#last = Math.max(this.#now, this.#last + 1);
    return this.#last;
  }

  #addTexts(): void {
    const head = this.#head;
    if (head === "") return;
    const deltas = this.#deltas;
    const { text, lengths, isPlain } = this.#joiner.join(deltas);
    const json = isPlain ? text : undefined;
    const count = deltas.length;
    this.#head = "";
    this.#deltas = [];
    this.#last = this.#firstAt + count - 1;
    this.#addToRun(head, { text, lengths, count, time: this.#emitted, at: this.#firstAt, json });
  }

  #addLongText({ head, text, json, time }: ReceivedDelta): void {
    this.#addTexts();
    if (this.#isOver) return;
    this.#addToRun(head, { text, json, time, ...oneLength(text), at: this.#time() });
  }

  #addToRun(head: string, texts: JoinedTexts): void {
    if (this.#runs.addText(head, texts)) return;
    const { time, at } = texts;
    const members = time === "" ? "}" : `},"emittedAtMs":${time}}`;
    let start = 0;
    for (const [index, length] of texts.lengths.split(",").entries()) {
      const text = texts.text.slice(start, start + Number(length));
      start += text.length;
      const message = this.#masked(head + JSON.stringify(text).slice(1) + members);
      this.#write(`{"at":${(at + index) / 1000},"receive":${message}}`);
    }
  }

  /** Writes a line that consists of these parts. */
  #write(...parts: readonly string[]): void {
    this.#begin();
    this.#file?.write(...parts);
    this.#options.watch?.(parts.join(""));
  }

  #writeDeltas({ text, json, groups, wrap, isHarmless }: CompleteDeltas): boolean {
    const [first] = groups;
    if (!first) return true;
    if (!this.#fits(text)) {
      const message = placeholder(wrap("").join(""), text.length);
      this.#write(`{"at":${first.at},"receive":${message}}`);
      return false;
    }
    const masked = isHarmless ? text : this.#options.mask.apply(text);
    // It isn't known which delta each part of a masked text belongs to.
    const isOne = masked !== text || (groups.length === 1 && first.count === 1);
    const deltas = isOne ? "" : `,"deltas":[${groups.map(groupAsJson).join(",")}]`;
    const [start, middle, end] = wrap(masked === text ? json : contentOf(masked));
    this.#write(`{"at":${first.at},"receive":${start}`, middle, `${end}${deltas}}`);
    return masked === text;
  }

  /** A message as JSON on one line, without secrets. */
  #masked(text: string, isJson = false): string {
    if (!this.#fits(text)) return placeholder(text, text.length);
    const masked = this.#options.mask.apply(text);
    const isValid = (isJson && masked === text) || parsed(masked) !== undefined;
    if (!isValid) return JSON.stringify(masked);
    // JSON can have line breaks between values. Both kinds end a line of the inspector's event stream.
    const isOneLine = !masked.includes("\n") && !masked.includes("\r");
    return isOneLine ? masked : masked.replaceAll(/[\r\n]/g, " ");
  }

  #fits(text: string): boolean {
    this.#begin();
    return text.length <= (this.#file?.maxChars ?? MOST_CHARS);
  }

  #begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    const startedAt = new Date();
    const header = this.#headerAt(startedAt);
    const { file, watch } = this.#options;
    if (file) this.#open(file, startedAt, header);
    watch?.(header(1));
  }

  #open(
    { path, maxBytes = DEFAULT_MAX_BYTES }: TraceOptions,
    startedAt: Date,
    header: (part: number) => string,
  ): void {
    let file = path;
    let hasFailed = false;
    const failed = (cause: unknown) => {
      hasFailed = true;
      this.#file = undefined;
      this.#isOver = this.#options.watch === undefined;
      atExit.delete(this);
      this.#options.failed(file, cause);
    };
    try {
      const place = TracePath.prepare(path, startedAt);
      file = place.file;
      atExit.add(this);
      const made = new TraceFile({ path: place, maxBytes, header, failed });
      if (!hasFailed) this.#file = made;
    } catch (cause) {
      failed(cause);
    }
  }

  #headerAt(startedAt: Date): (part: number) => string {
    const { name, outlivesTransport } = this.#options.endpoint;
    const id = crypto.randomUUID();
    return (part) => {
      const header: TraceHeader = {
        ...{ trace: "codex-app-server", version: TRACE_VERSION, id, part },
        startedAt: startedAt.toISOString(),
        client: version,
        runtime: `node ${process.version} ${process.platform}-${process.arch}`,
        pid: process.pid,
        endpoint: { name, outlivesTransport },
      };
      return this.#options.mask.apply(JSON.stringify(header));
    };
  }
}

/** A `DeltaGroup` as JSON. */
function groupAsJson({ at, emittedAtMs, lengths }: JoinedGroup): string {
  return `[${at},${emittedAtMs},${lengths}]`;
}

/** Replaces a message that is too large. */
function placeholder(text: string, omittedChars: number): string {
  const message = parsed(text);
  const { id, method } = isRecord(message) ? message : {};
  return JSON.stringify({ id, method, omittedChars });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
