import { closeSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import type { TracePath } from "./trace-path.ts";

/** Only the owner can read the file. */
const MODE = 0o600;
/** The number of files of a trace: the oldest is deleted when the last one is full. */
const PARTS = 4;
const BUFFERED_BYTES = 64 * 2 ** 10;
/** How long a line can wait to be written together with others, in milliseconds. */
const MAX_WAIT_MS = 10;

export interface TraceFileOptions {
  readonly path: TracePath;
  readonly maxBytes: number;
  /** The first line of each file. */
  readonly header: (part: number) => string;
  /** Called once, when writing has failed and stopped. */
  readonly failed: (cause: unknown) => void;
}

/**
 * Writes lines together, within 10 ms. Writing is synchronous, so that a crashing program leaves a
 * record of what led to the crash. Never throws.
 */
export class TraceFile {
  readonly #options: TraceFileOptions;
  readonly #partBytes: number;
  #descriptor: number | undefined;
  #part = 1;
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #encoder = new TextEncoder();
  /** Reused: allocating a buffer for each write would cost more than writing. */
  #buffer: Buffer | undefined;
  /** The number of bytes waiting in the buffer. */
  #waiting = 0;

  constructor(options: TraceFileOptions) {
    this.#options = options;
    this.#partBytes = Math.floor(options.maxBytes / PARTS);
    this.#attempt(() => this.#open());
  }

  /** The maximum length of a line. */
  get maxChars(): number {
    return Math.floor(this.#partBytes / 4);
  }

  /** Writes a line that consists of these parts, which aren't joined first. */
  write(...parts: readonly string[]): void {
    if (this.#descriptor === undefined) return;
    this.#attempt(() => {
      let [bytes, chars] = [1, 1];
      for (const part of parts) {
        bytes += Buffer.byteLength(part);
        chars += part.length;
      }
      const isFull = this.#bytes + this.#waiting + bytes > this.#partBytes;
      if (isFull || this.#waiting + bytes > BUFFERED_BYTES) this.#flush();
      if (isFull) this.#rotate();
      const isAscii = bytes === chars;
      for (const part of parts) this.#encode(part, isAscii);
      this.#encode("\n", true);
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#attempt(() => this.#flush());
      }, MAX_WAIT_MS).unref();
    });
  }

  #encode(text: string, isAscii = false): void {
    this.#buffer ??= Buffer.alloc(BUFFERED_BYTES);
    // Copying ASCII takes a fraction of the time of encoding it.
    if (isAscii && this.#waiting + text.length <= BUFFERED_BYTES) {
      this.#waiting += this.#buffer.write(text, this.#waiting, "latin1");
      return;
    }
    for (let rest = text; rest !== ""; ) {
      const { read, written } = this.#encoder.encodeInto(
        rest,
        this.#buffer.subarray(this.#waiting),
      );
      this.#waiting += written;
      if (read === rest.length) return;
      rest = rest.slice(read);
      this.#flush();
    }
  }

  #flush(): void {
    const waiting = this.#waiting;
    if (!this.#buffer || this.#descriptor === undefined) return;
    this.#waiting = 0;
    const bytes = this.#buffer.subarray(0, waiting);
    for (let at = 0; at < waiting; ) at += writeSync(this.#descriptor, bytes, at);
    this.#bytes += waiting;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#attempt(() => this.#flush());
    if (this.#descriptor === undefined) return;
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    this.#attempt(() => closeSync(descriptor));
  }

  #open(): void {
    this.#descriptor = openSync(this.#options.path.file, "wx", MODE);
    this.#bytes = 0;
    this.#encode(`${this.#options.header(this.#part)}\n`);
    this.#flush();
  }

  #rotate(): void {
    const { path } = this.#options;
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
    renameSync(path.file, path.partFile(this.#part));
    this.#part++;
    if (this.#part > PARTS) rmSync(path.partFile(this.#part - PARTS), { force: true });
    this.#open();
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (cause) {
      const descriptor = this.#descriptor;
      this.#descriptor = undefined;
      this.#waiting = 0;
      clearTimeout(this.#timer);
      if (descriptor !== undefined) closeQuietly(descriptor);
      this.#options.failed(cause);
    }
  }
}

function closeQuietly(descriptor: number): void {
  try {
    closeSync(descriptor);
  } catch {
    // The first failure is reported.
  }
}
