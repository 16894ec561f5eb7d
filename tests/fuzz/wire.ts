import { PassThrough } from "node:stream";
import { type ExitStatus, TransportClosedError } from "../../src/errors/errors.ts";
import { LineSplitter } from "../../src/transport/lines.ts";
import { StdioTransport } from "../../src/transport/stdio.ts";
import type { Transport, TransportEvents } from "../../src/transport/transport.ts";
import { deferred } from "../../src/util/deferred.ts";
import type { Random } from "./random.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** The server's end of a connection. */
export interface Wire {
  readonly transport: Transport;
  send(text: string): void;
  /** Ends the connection as a death would: what is half written stays so. */
  die(): void;
}

export interface WireEvents {
  received(text: string): void;
  /** Once, whoever ended it. */
  ended(): void;
}

/** Whole messages, delivered at once. */
export function memoryWire({ received, ended }: WireEvents): Wire {
  let events: TransportEvents | undefined;
  let over = false;
  const end = (why: string) => {
    if (over) return;
    over = true;
    ended();
    events?.closed(new TransportClosedError(why));
  };
  return {
    transport: {
      listen: (given) => {
        events = given;
      },
      // Later, as over a wire: never inside the client's send.
      send: (text) => void queueMicrotask(() => over || received(text)),
      close: async () => end("The transport was closed"),
    },
    send: (text) => void (over || events?.message(text)),
    die: () => end("The server died"),
  };
}

/** Bytes on pipes, cut at any place, under the real transport of stdio. */
export function bytesWire(random: Random, clock: VirtualClock, events: WireEvents): Wire {
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  const exit = deferred<ExitStatus>();
  let unwritten = Buffer.alloc(0);
  let over = false;
  const end = (status: ExitStatus) => {
    if (over) return;
    over = true;
    events.ended();
    stdout.end();
    exit.resolve(status);
  };
  const lines = new LineSplitter((text) => void (over || events.received(text)));
  stdin.on("data", (chunk: Buffer) => lines.push(chunk));
  stdin.on("error", () => {});
  const write = (length: number) => {
    if (!over) stdout.write(unwritten.subarray(0, length));
    unwritten = unwritten.subarray(length);
  };
  const terminate = async () => {
    end({ code: 0, signal: null });
    return exit.promise;
  };
  const process = { pid: 1, stdin, stdout, exited: exit.promise, stderrTail: () => [], terminate };
  return {
    transport: new StdioTransport(process),
    send(text) {
      unwritten = Buffer.concat([
        unwritten,
        Buffer.from(text + random.pick(["\n", "\r\n", "\n\n"])),
      ]);
      write(random.between(0, unwritten.length));
      if (unwritten.length > 0) clock.after(1, () => write(unwritten.length));
    },
    die() {
      write(random.between(0, unwritten.length));
      end({ code: null, signal: "SIGKILL" });
    },
  };
}
