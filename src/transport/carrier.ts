import type { Duplex } from "node:stream";

/** An open byte stream that carries a WebSocket, and what ends with it. */
export interface Carrier {
  /** Has a listener for errors from its first moment: an error without one would end the process. */
  readonly stream: Duplex;
  /** Resolves when nothing of it is left. Takes a bounded time. */
  close(): Promise<void>;
}

/** The stream, with that listener. Its user adds more of its own. */
export function withErrorListener<Stream extends Duplex>(stream: Stream): Stream {
  stream.on("error", () => {});
  return stream;
}
