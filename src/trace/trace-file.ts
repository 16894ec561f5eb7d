import { closeSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import type { TracePath } from "./trace-path.ts";

/** Only the owner can read the file. */
const MODE = 0o600;
/** The number of files of a trace: the oldest is deleted when the last one is full. */
const PARTS = 4;
const BUFFERED_CHARS = 64 * 2 ** 10;
/** How long lines can wait for others, in milliseconds. */
const MAX_WAIT_MS = 10;

export interface TraceFileOptions {
  readonly path: TracePath;
  readonly maxBytes: number;
  /** The first line of each file. */
  readonly header: (part: number) => string;
  /** Writing has failed and stopped. Called once. */
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
  #waiting = "";
  #timer: NodeJS.Timeout | undefined;

  constructor(options: TraceFileOptions) {
    this.#options = options;
    this.#partBytes = Math.floor(options.maxBytes / PARTS);
    this.#attempt(() => this.#open());
  }

  /** The maximum length of a line. */
  get maxChars(): number {
    return Math.floor(this.#partBytes / 4);
  }

  write(line: string): void {
    if (this.#descriptor === undefined) return;
    const most = Math.min(BUFFERED_CHARS, this.maxChars);
    if (this.#waiting.length + line.length >= most) this.#flush();
    this.#timer ??= setTimeout(() => this.#flush(), MAX_WAIT_MS).unref();
    this.#waiting += `${line}\n`;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const text = this.#waiting;
    if (text === "" || this.#descriptor === undefined) return;
    this.#waiting = "";
    this.#attempt(() => {
      const bytes = Buffer.from(text);
      if (this.#bytes + bytes.length > this.#partBytes) this.#rotate();
      this.#writeAll(bytes);
    });
  }

  close(): void {
    this.#flush();
    if (this.#descriptor === undefined) return;
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    this.#attempt(() => closeSync(descriptor));
  }

  #open(): void {
    this.#descriptor = openSync(this.#options.path.file, "wx", MODE);
    this.#bytes = 0;
    this.#writeAll(Buffer.from(`${this.#options.header(this.#part)}\n`));
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

  #writeAll(bytes: Buffer): void {
    if (this.#descriptor === undefined) return;
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at);
    this.#bytes += bytes.length;
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (cause) {
      const descriptor = this.#descriptor;
      this.#descriptor = undefined;
      this.#waiting = "";
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
