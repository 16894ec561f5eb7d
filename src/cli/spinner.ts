import { fitRow } from "./cells.ts";
import { type Shown, show } from "./text.ts";

const FRAMES = [..."⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"] as Shown[];
const INTERVAL_MS = 100;

interface Screen {
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** An animated line at the bottom of a terminal while the agent works. */
export class Spinner implements Disposable {
  readonly #screen: Screen;
  readonly #since = Date.now();
  readonly #timer: NodeJS.Timeout;
  #label: Shown = show`Starting`;
  #frame = 0;
  #drawn = false;

  /** `free` returns whether the cursor is at the start of an unused line. */
  constructor(screen: Screen, free: () => boolean) {
    this.#screen = screen;
    this.#timer = setInterval(() => free() && this.#draw(), INTERVAL_MS).unref();
  }

  set label(label: Shown) {
    this.#label = label;
  }

  /** Removes the line before something else is written. The next tick shows the line again. */
  clear(): void {
    if (!this.#drawn) return;
    this.#drawn = false;
    this.#screen.write("\r\u001b[K");
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.clear();
  }

  #draw(): void {
    this.#frame = (this.#frame + 1) % FRAMES.length;
    const seconds = Math.floor((Date.now() - this.#since) / 1000);
    const text = show`${FRAMES[this.#frame] ?? show``} ${this.#label} · ${seconds} s`;
    this.#drawn = true;
    this.#screen.write(`\r${fitRow(text, (this.#screen.columns ?? 80) - 1)}\u001b[K`);
  }
}
