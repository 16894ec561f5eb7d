import { once } from "node:events";
import { createInterface, type Interface } from "node:readline/promises";
import { Writable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import type { Output, Sink } from "./output.ts";
import type { Piece } from "./transcript.ts";

/** The streams of a terminal on which somebody can be asked. */
export interface TerminalOptions {
  readonly input: NodeJS.ReadableStream;
  readonly screen: Sink;
  readonly output: Output;
  /** Ctrl-C while a question is open: the terminal sends no signal then. */
  readonly onInterrupt: () => void;
}

/** One talk with the user: nothing else is written meanwhile. */
export interface Talk {
  show(pieces: readonly Piece[]): void;
  /** The line that was typed; undefined when there is no answer: Ctrl-D, or the request was withdrawn. */
  ask(question: string, options?: { readonly secret?: boolean }): Promise<string | undefined>;
}

/** Asks the user questions, one talk after the other. */
export class Terminal {
  readonly #options: TerminalOptions;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: TerminalOptions) {
    this.#options = options;
  }

  talk<T>(signal: AbortSignal, run: (talk: Talk) => Promise<T>): Promise<T> {
    const next = this.#last.then(() => this.#talk(signal, run));
    this.#last = next.catch(() => {});
    return next;
  }

  async #talk<T>(signal: AbortSignal, run: (talk: Talk) => Promise<T>): Promise<T> {
    // What came before the request is still on its way to the screen.
    await setImmediate();
    using held = this.#options.output.hold();
    return await run({
      show: (pieces) => held.show(pieces),
      ask: (question, { secret = false } = {}) => this.#ask(question, secret, signal),
    });
  }

  async #ask(question: string, secret: boolean, signal: AbortSignal): Promise<string | undefined> {
    if (signal.aborted) return undefined;
    const { input, screen, onInterrupt } = this.#options;
    // Made for one question only: an open interface keeps the terminal in raw mode.
    const reader = createInterface({
      input,
      output: secret ? nowhere() : screen,
      terminal: Boolean(screen.isTTY),
      historySize: 0,
    });
    reader.on("SIGINT", onInterrupt);
    try {
      const answered = answer(reader, secret ? "" : question, signal);
      if (secret) screen.write(question);
      return await answered;
    } finally {
      reader.close();
      if (secret) screen.write("\n");
    }
  }
}

async function answer(
  reader: Interface,
  question: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const done = new AbortController();
  const stop = AbortSignal.any([signal, done.signal]);
  const closed = once(reader, "close", { signal: stop }).then(() => undefined);
  try {
    return await Promise.race([reader.question(question, { signal: stop }), closed]);
  } catch (error) {
    // The signal, or Ctrl-D.
    if (error instanceof Error && error.name === "AbortError") return undefined;
    throw error;
  } finally {
    done.abort();
    closed.catch(() => {});
  }
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, written) => written() });
}
