import { once } from "node:events";
import { createInterface, type Interface } from "node:readline/promises";
import { Writable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import type { Output, Sink } from "./output.ts";
import type { Shown } from "./text.ts";
import { discardTyped, type Keyboard } from "./typed-before.ts";

/** How long the keyboard must be idle before a question accepts an answer, in milliseconds. */
const QUIET_MS = 300;

/** The streams of a terminal on which the user can be asked. */
export interface TerminalOptions {
  readonly input: Keyboard;
  readonly screen: Sink;
  readonly output: Output;
  /** Called on Ctrl-C while a question is open, when the terminal sends no signal. */
  readonly onInterrupt: () => void;
  /**
   * After a question appears, keys are ignored until none has been pressed for this long. Default
   * 300 ms.
   */
  readonly quietMs?: number;
}

/** A conversation with the user, during which nothing else is written. */
export interface Talk {
  /** The size of the terminal, which can change. */
  readonly columns: number;
  readonly rows: number;
  /** Writes rows that are no wider than the terminal. */
  show(rows: readonly Shown[]): void;
  /**
   * The line that was typed after the prompt appeared, with what was pasted after it; undefined after
   * Ctrl-D, or if the request was withdrawn.
   */
  ask(prompt: Shown, options?: { readonly secret?: boolean }): Promise<string | undefined>;
}

/** Asks the user questions, one conversation at a time. */
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
    // Output written before the request may not be on the screen yet.
    await setImmediate();
    const { output, screen } = this.#options;
    using held = output.hold();
    return await run({
      get columns() {
        return screen.columns || 80;
      },
      get rows() {
        return screen.rows || 24;
      },
      show: (rows) => held.show(rows),
      ask: (prompt, { secret = false } = {}) => this.#ask(prompt, secret, signal),
    });
  }

  async #ask(prompt: Shown, secret: boolean, signal: AbortSignal): Promise<string | undefined> {
    if (signal.aborted) return undefined;
    const { input, screen, onInterrupt, quietMs = QUIET_MS } = this.#options;
    screen.write(prompt);
    try {
      await discardTyped(input, { quietMs, signal, onInterrupt });
      const canAnswer = !signal.aborted && !input.readableEnded;
      if (canAnswer) return await this.#read(prompt, secret, signal);
      screen.write("\n");
      return undefined;
    } finally {
      input.setRawMode?.(false);
    }
  }

  async #read(prompt: Shown, secret: boolean, signal: AbortSignal): Promise<string | undefined> {
    const { input, screen, onInterrupt } = this.#options;
    const terminal = Boolean(screen.isTTY);
    // Created for one question only: an open interface keeps the terminal in raw mode.
    const reader = createInterface({
      input,
      output: secret ? nowhere() : screen,
      terminal,
      historySize: 0,
    });
    reader.on("SIGINT", onInterrupt);
    try {
      // On a terminal the reader redraws its line, including the prompt.
      const typed = await answer(reader, terminal && !secret ? prompt : "", signal);
      if (secret || typed === undefined) screen.write("\n");
      return typed;
    } finally {
      reader.close();
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
  // A paste is read at once: its other lines come before the first one is returned.
  const pasted: string[] = [];
  reader.on("line", (line) => pasted.push(line));
  try {
    const first = await Promise.race([reader.question(question, { signal: stop }), closed]);
    return first && [first, ...pasted, reader.line].join("\n").trimEnd();
  } catch (error) {
    // Closed by the signal or by Ctrl-D.
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
