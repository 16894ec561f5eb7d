/** Why the command ends before its work is done. */
export class Quit extends Error {
  override name = "Quit";
  readonly code = "QUIT";
  readonly exitCode: number;

  constructor(exitCode: number) {
    super("the command ended before the turn did");
    this.exitCode = exitCode;
  }
}

/**
 * A terminal sends Ctrl-C both to `npm start` and to this process, and npm forwards it: signals within
 * this time are the same keypress.
 */
const SAME_KEYPRESS_MS = 100;

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Handles Ctrl-C and signals from the shell: the first Ctrl-C interrupts the turn, everything else quits. */
export class Interrupts implements Disposable {
  readonly #quit = new AbortController();
  readonly #clock: () => number;
  readonly #listeners: [NodeJS.Signals, () => void][];
  #interruptTurn: (() => void) | undefined;
  #lastPress = Number.NEGATIVE_INFINITY;

  constructor(clock: () => number = performance.now.bind(performance)) {
    this.#clock = clock;
    this.#listeners = [
      ["SIGINT", () => this.press()],
      ["SIGTERM", () => this.quit(EXIT_CODES.SIGTERM)],
      ["SIGHUP", () => this.quit(EXIT_CODES.SIGHUP)],
    ];
    for (const [signal, listener] of this.#listeners) process.on(signal, listener);
  }

  /** Aborts when the command must end now; the reason is a `Quit`. */
  get signal(): AbortSignal {
    return this.#quit.signal;
  }

  /** What the next Ctrl-C does instead of quitting, once. */
  set onFirst(interruptTurn: () => void) {
    this.#interruptTurn = interruptTurn;
  }

  /** Handles Ctrl-C. */
  press(): void {
    const now = this.#clock();
    const same = now - this.#lastPress < SAME_KEYPRESS_MS;
    this.#lastPress = now;
    if (same) return;
    const interruptTurn = this.#interruptTurn;
    this.#interruptTurn = undefined;
    if (interruptTurn) interruptTurn();
    else this.quit(EXIT_CODES.SIGINT);
  }

  quit(exitCode: number): void {
    this.#quit.abort(new Quit(exitCode));
  }

  [Symbol.dispose](): void {
    for (const [signal, listener] of this.#listeners) process.off(signal, listener);
  }
}
