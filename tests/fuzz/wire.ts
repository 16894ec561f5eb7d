import { PassThrough } from "node:stream";
import {
  type ExitStatus,
  InvalidInputError,
  TransportClosedError,
} from "../../src/errors/errors.ts";
import { StdioTransport } from "../../src/transport/stdio-transport.ts";
import type { Transport, TransportEvents } from "../../src/transport/transport.ts";
import type { Random } from "./random.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** The server's end of a connection. */
export interface Wire {
  readonly transport: Transport;
  /** Sends messages in one chunk. */
  send(texts: readonly string[]): void;
  /** Ends the connection as a crash would: half-written data stays incomplete. */
  die(): void;
}

export interface WireEvents {
  received(text: string): void;
  /** Called once, whichever side ended it. */
  ended(): void;
  /** Called if the client threw while it read a message. */
  readerThrew(error: unknown): void;
}

/**
 * The transport refuses to send more than this. The limit is low so that seeds needn't send
 * megabytes.
 */
export const MAX_LENGTH = 60_000;

/** Whole messages, delivered at once. */
export function memoryWire({ received, ended, readerThrew }: WireEvents): Wire {
  let events: TransportEvents | undefined;
  let over = false;
  const end = (why: string) => {
    if (over) return;
    over = true;
    ended();
    events?.closed(new TransportClosedError(why));
  };
  const deliver = (text: string) => {
    try {
      if (!over) events?.message(text);
    } catch (error) {
      readerThrew(error);
    }
  };
  return {
    transport: {
      listen: (given) => {
        events = given;
      },
      send: (text) => {
        if (text.length > MAX_LENGTH) throw new InvalidInputError("The message is too large");
        // Asynchronously, as over a wire: never inside the client's send.
        queueMicrotask(() => over || received(text));
      },
      close: async () => end("The transport was closed"),
    },
    send: (texts) => texts.forEach(deliver),
    die: () => end("The server died"),
  };
}

/** Bytes on pipes, split anywhere, below the real stdio transport. */
export function bytesWire(random: Random, clock: VirtualClock, events: WireEvents): Wire {
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  let exit: (status: ExitStatus) => void = () => {};
  const exited = new Promise<ExitStatus>((resolve) => {
    exit = resolve;
  });
  let unwritten = Buffer.alloc(0);
  let unread = "";
  let over = false;
  const end = (status: ExitStatus) => {
    if (over) return;
    over = true;
    events.ended();
    stdout.end();
    exit(status);
  };
  stdin.setEncoding("utf8");
  stdin.on("data", (chunk: string) => {
    const lines = (unread + chunk).split("\n");
    unread = lines.pop() ?? "";
    for (const line of lines) if (!over) events.received(line);
  });
  stdin.on("error", () => {});
  const write = (length: number) => {
    const bytes = unwritten.subarray(0, length);
    unwritten = unwritten.subarray(length);
    if (over || length === 0) return;
    // If a reader throws, it throws here, because nothing is in between.
    try {
      stdout.write(bytes);
    } catch (error) {
      events.readerThrew(error);
    }
  };
  const terminate = async () => {
    end({ code: 0, signal: null });
    return exited;
  };
  const keepAlive = () => {};
  const process = { pid: 1, stdin, stdout, exited, stderrTail: () => [], keepAlive, terminate };
  return {
    transport: new StdioTransport(process),
    send(texts) {
      const ending = random.pick(["\n", "\r\n", "\n\n"]);
      const bytes = Buffer.from(texts.map((text) => text + ending).join(""));
      unwritten = Buffer.concat([unwritten, bytes]);
      write(random.between(0, unwritten.length));
      if (unwritten.length > 0) clock.after(1, () => write(unwritten.length));
    },
    die() {
      write(random.between(0, unwritten.length));
      end({ code: null, signal: "SIGKILL" });
    },
  };
}
