import type { Duplex } from "node:stream";

/** An open byte stream for a WebSocket, and a way to release it. */
export interface Carrier {
  /** Has an error listener from the start, because an unhandled error would end the process. */
  readonly stream: Duplex;
  /**
   * How often to ping the server, in milliseconds, for a stream that notices a lost server only when
   * something is sent. Default: every 20 seconds, like every connection.
   */
  readonly probeMs?: number;
  /**
   * Resolves when nothing more can arrive. Only for streams that don't always report this
   * themselves. Never rejects.
   */
  readonly ended?: Promise<unknown>;
  /** Called when the server has accepted the WebSocket. */
  readonly opened?: () => void;
  /** Resolves when its resources are released. Takes bounded time. */
  close(): Promise<void>;
}

/** The stream, with that error listener. Users of the stream add their own listeners. */
export function withErrorListener<Stream extends Duplex>(stream: Stream): Stream {
  stream.on("error", () => {});
  return stream;
}
