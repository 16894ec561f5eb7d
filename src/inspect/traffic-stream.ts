import type { IncomingMessage, ServerResponse } from "node:http";
import { parsed } from "../trace/lines.ts";
import type { LiveLog, NumberedLine } from "../trace/live-log.ts";
import { isRecord } from "../util/describe.ts";
import { UsageMeter } from "./process-usage.ts";

/** How often the server's process is measured, in milliseconds. */
const MEASURE_MS = 1_000;
/** How many bytes can wait for a slow reader, before it is disconnected and must reconnect. */
const MAX_WAITING = 64 * 2 ** 20;

/**
 * Sends the lines of a trace to pages as events, starting with the line that they ask for, and the CPU and
 * memory of the server's process.
 */
export class TrafficStreams implements Disposable {
  readonly #log: LiveLog;
  readonly #readers = new Set<ServerResponse>();
  readonly #meter = new UsageMeter();
  readonly #stop: () => void;
  #timer: NodeJS.Timeout | undefined;
  #pid: number | undefined;

  constructor(log: LiveLog) {
    this.#log = log;
    for (const line of log.from(0)) this.#notePid(line);
    this.#stop = log.listen((line) => {
      this.#notePid(line);
      for (const reader of this.#readers) this.#send(reader, eventOf(line));
    });
  }

  open(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader("content-type", "text/event-stream");
    response.writeHead(200);
    const last = Number(request.headers["last-event-id"] ?? -1);
    const start = Number.isSafeInteger(last) ? last + 1 : 0;
    // A reader starts over if its next line was dropped, or if it has read another trace.
    const continues = start > 0 && start >= this.#log.first;
    const first = continues ? start : this.#log.first;
    if (!continues) {
      const header = JSON.parse(this.#log.header ?? "null");
      response.write(`event: begin\ndata: ${JSON.stringify({ header, isCut: first > 0 })}\n\n`);
    }
    response.write(this.#log.from(first).map(eventOf).join(""));
    this.#readers.add(response);
    response.once("close", () => this.#close(response));
    this.#timer ??= setInterval(() => void this.#measure(), MEASURE_MS).unref();
    void this.#measure();
  }

  [Symbol.dispose](): void {
    this.#stop();
    clearInterval(this.#timer);
    for (const reader of this.#readers) reader.end();
  }

  #close(reader: ServerResponse): void {
    this.#readers.delete(reader);
    if (this.#readers.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #measure(): Promise<void> {
    if (this.#pid === undefined) return;
    const usage = await this.#meter.measure(this.#pid);
    if (!usage) return;
    const event = `event: usage\ndata: ${JSON.stringify({ pid: this.#pid, ...usage })}\n\n`;
    for (const reader of this.#readers) this.#send(reader, event);
  }

  #send(reader: ServerResponse, text: string): void {
    if (reader.writableLength > MAX_WAITING) reader.destroy();
    else reader.write(text);
  }

  #notePid({ line }: NumberedLine): void {
    if (!line.includes('"event":"')) return;
    const record = parsed(line);
    if (!isRecord(record)) return;
    if (record.event === "disconnected") this.#pid = undefined;
    if (record.event === "connected")
      this.#pid = typeof record.pid === "number" ? record.pid : undefined;
  }
}

function eventOf({ number, line }: NumberedLine): string {
  return `id: ${number}\ndata: ${line}\n\n`;
}
