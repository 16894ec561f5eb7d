import { startTicking } from "../util/timer.ts";
import { jsonOf } from "./json-of.ts";

/** How a stream is sent over HTTP. */
export interface EventStreamOptions {
  /** Headers that are added to the response, or replace its own. */
  readonly headers?: ConstructorParameters<typeof Headers>[0] | undefined;
  /**
   * How often to send a comment while there is nothing else to send, so that proxies and servers
   * keep the connection open. In milliseconds; 0 means never. Default 5,000.
   */
  readonly keepAliveMs?: number | undefined;
}

/** Bun closes connections on which nothing is sent for 10 seconds. */
const KEEP_ALIVE_MS = 5_000;
const COMMENT = ": keep-alive\n\n";

const HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache",
  // Makes nginx forward each event immediately.
  "x-accel-buffering": "no",
};

/** What a format adds to server-sent events. */
interface EventFormat {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent after the last event. */
  readonly last?: string;
}

/** A response that sends each value as one server-sent event, in JSON. */
export function eventStreamResponse(
  values: ReadableStream<unknown>,
  { headers, keepAliveMs = KEEP_ALIVE_MS }: EventStreamOptions,
  format: EventFormat = {},
): Response {
  const all = new Headers({ ...HEADERS, ...format.headers });
  for (const [name, value] of new Headers(headers)) all.set(name, value);
  return new Response(eventStream(values, keepAliveMs, format.last), { headers: all });
}

function eventStream(
  values: ReadableStream<unknown>,
  keepAliveMs: number,
  last: string | undefined,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const reader = values.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const write = (text: string) => controller.enqueue(encoder.encode(text));
        // Sends comments only while the reader is waiting. A slow reader has unread data, so it needs none.
        const ticking = startTicking(keepAliveMs || Number.POSITIVE_INFINITY, () => {
          if ((controller.desiredSize ?? -1) >= 0) write(COMMENT);
        });
        const { value, done } = await reader.read().finally(() => ticking.cancel());
        if (!done) {
          write(`data: ${jsonOf(value)}\n\n`);
          return;
        }
        if (last !== undefined) write(`data: ${last}\n\n`);
        controller.close();
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
