import { startLimit, type Timer } from "../util/timer.ts";

/** A shorter body fits into the buffers of a connection. */
const LARGE = 64 * 1024;
const PIECE_BYTES = 256 * 1024;
/** How long a reader can leave a body unread before it is disconnected. */
const STALLED_MS = 60_000;

/** Whether a body of this length stays in memory while its reader doesn't read. */
export function isLarge(text: string): boolean {
  return text.length > LARGE;
}

/** A body in pieces. `over` is called once, when it has been read, or its reader has left or stopped reading. */
export function largeBody(text: string, over: () => void): ReadableStream<Uint8Array> {
  let rest: Uint8Array = new TextEncoder().encode(text);
  let stalled: Timer | undefined;
  const end = () => {
    stalled?.cancel();
    rest = new Uint8Array();
    over();
  };
  const watch = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    stalled?.cancel();
    stalled = startLimit(STALLED_MS, () => {
      end();
      controller.error(new Error("The reader of a response has stopped reading"));
    });
  };
  return new ReadableStream<Uint8Array>(
    {
      start: watch,
      pull(controller) {
        controller.enqueue(rest.subarray(0, PIECE_BYTES));
        rest = rest.subarray(PIECE_BYTES);
        if (rest.byteLength > 0) return watch(controller);
        end();
        controller.close();
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  );
}
