import { once } from "node:events";
import { fstatSync } from "node:fs";
import type { Writable } from "node:stream";
import { Spinner } from "./spinner.ts";
import { join, type Shown, show } from "./text.ts";
import type { Piece } from "./transcript.ts";
import { WordWrap } from "./word-wrap.ts";

/** A stream to write text to, which may be a terminal. */
export interface Sink extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  readonly fd?: number;
}

const CLEAR_LINE = "\r\u001b[K";

/** The position at which the last text on its stream ended. */
interface Cursor {
  empty: boolean;
  lineStart: boolean;
  readonly wrap: WordWrap;
}

/** The two streams of the command: the assistant's text goes to stdout, everything else to stderr. */
export class Output implements Disposable {
  readonly #sinks: { readonly answer: Sink; readonly log: Sink };
  readonly #cursors: { readonly answer: Cursor; readonly log: Cursor };
  readonly #spinner: Spinner | undefined;
  readonly #held: Piece[] = [];
  #holding = false;

  constructor(stdout: Sink, stderr: Sink, options: { readonly spinner: boolean }) {
    this.#sinks = { answer: stdout, log: stderr };
    const log = startOf(stderr);
    this.#cursors = { log, answer: isSamePlace(stdout, stderr) ? log : startOf(stdout) };
    if (options.spinner && stderr.isTTY) {
      this.#spinner = new Spinner(stderr, () => log.lineStart && !this.#holding);
    }
  }

  /** The spinner's label. */
  set activity(label: Shown) {
    if (this.#spinner) this.#spinner.label = label;
  }

  /** Resolves when the streams accept more. */
  async write(pieces: readonly Piece[]): Promise<void> {
    for (const piece of pieces) {
      const sink = this.#sinks[piece.to];
      this.#put(piece);
      if (sink.writableNeedDrain) await drained(sink);
    }
  }

  /** Writes immediately, even if the streams are full. */
  show(pieces: readonly Piece[]): void {
    for (const piece of pieces) this.#put(piece);
  }

  /** Holds other output back while the user is asked, until the result is disposed of. */
  hold(): { show(rows: readonly Shown[]): void } & Disposable {
    this.#holding = true;
    this.#spinner?.clear();
    const { log } = this.#cursors;
    // The echo of earlier keys is still on the line.
    if (log.lineStart && this.#sinks.log.isTTY) this.#sinks.log.write(CLEAR_LINE);
    let block = true;
    return {
      show: (rows) => {
        const text = join(rows.map((row) => show`${row}\n`));
        this.#emit({ to: "log", text, block, isPreformatted: true });
        block = false;
      },
      [Symbol.dispose]: () => {
        this.#holding = false;
        // The typed answer ended its line.
        log.lineStart = true;
        for (const piece of this.#held.splice(0)) this.#emit(piece);
      },
    };
  }

  [Symbol.dispose](): void {
    this.#spinner?.[Symbol.dispose]();
    this.#sinks.answer.write(this.#cursors.answer.wrap.flush());
    if (!this.#cursors.log.lineStart) this.#emit({ to: "log", text: show`\n`, block: false });
  }

  #put(piece: Piece): void {
    if (this.#holding) this.#held.push(piece);
    else this.#emit(piece);
  }

  #emit({ to, text, block, isPreformatted }: Piece): void {
    if (text === "") return;
    const cursor = this.#cursors[to];
    const lineEnd = block && !cursor.lineStart ? show`\n` : show``;
    const gap = block && !cursor.empty ? show`\n` : show``;
    const { wrap } = cursor;
    cursor.empty = false;
    cursor.lineStart = text.endsWith("\n");
    this.#spinner?.clear();
    const before = show`${lineEnd}${gap}`;
    const wrapped = wrap.add(isPreformatted ? before : show`${before}${text}`);
    this.#sinks[to].write(isPreformatted ? wrapped + wrap.flush() + text : wrapped);
  }
}

function startOf(sink: Sink): Cursor {
  return { empty: true, lineStart: true, wrap: new WordWrap(sink) };
}

async function drained(sink: Sink): Promise<void> {
  const done = new AbortController();
  const { signal } = done;
  await Promise.race([once(sink, "drain", { signal }), once(sink, "close", { signal })])
    .catch(() => {})
    .finally(() => done.abort());
}

/** Whether both are the same terminal, file or pipe. */
function isSamePlace(one: Sink, other: Sink): boolean {
  if (one.isTTY && other.isTTY) return true;
  if (one.fd === undefined || other.fd === undefined) return false;
  const [a, b] = [fstatSync(one.fd), fstatSync(other.fd)];
  return a.ino !== 0 && a.ino === b.ino && a.dev === b.dev;
}
