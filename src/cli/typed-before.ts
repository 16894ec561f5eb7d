import { onAbort } from "../util/abort.ts";

export interface Keyboard extends NodeJS.ReadableStream {
  readonly isTTY?: boolean;
  readonly readableEnded?: boolean;
  setRawMode?(isRaw: boolean): unknown;
}

const CTRL_C = "\x03";

/**
 * Discards input that was typed before a question could be read, and input that is still being
 * typed. Resolves when no key has been pressed for `quietMs`, the input has ended, or the signal
 * aborts.
 */
export function discardTyped(
  keyboard: Keyboard,
  options: {
    readonly quietMs: number;
    readonly signal: AbortSignal;
    readonly onInterrupt: () => void;
  },
): Promise<void> {
  const { quietMs, signal, onInterrupt } = options;
  if (keyboard.readableEnded || signal.aborted) return Promise.resolve();
  // Unfinished lines are only delivered in raw mode, which also doesn't echo keys.
  keyboard.setRawMode?.(true);
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      stopListening();
      keyboard.off("data", discard);
      keyboard.off("end", finish);
      keyboard.pause();
      resolve();
    };
    let timer = setTimeout(finish, quietMs);
    const discard = (typed: Buffer | string) => {
      clearTimeout(timer);
      timer = setTimeout(finish, quietMs);
      if (String(typed).includes(CTRL_C)) onInterrupt();
    };
    const stopListening = onAbort(signal, finish);
    keyboard.on("data", discard);
    keyboard.on("end", finish);
    keyboard.resume();
  });
}
