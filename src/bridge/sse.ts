/** An event of an event stream. */
export interface StreamEvent {
  readonly id: string;
  readonly data: string;
}

/** A comment, which shows that the connection is alive. */
export const HEARTBEAT = ":\n\n";

/** What precedes the data of an event. The data is serialized JSON, so it has no line breaks. */
export function eventStart(id: string): string {
  return `id: ${id}\ndata: `;
}

export const EVENT_END = "\n\n";

/** Reads an event stream from its chunks. */
export class EventParser {
  #rest = "";
  #id = "";
  #data: string[] = [];

  /** The events that the chunk completes. */
  push(chunk: string): StreamEvent[] {
    this.#rest += chunk;
    // The parts of a long line are joined once.
    if (!chunk.includes("\n")) return [];
    const lines = this.#rest.split(/\r?\n/);
    this.#rest = lines.pop() ?? "";
    const events: StreamEvent[] = [];
    for (const line of lines) {
      if (line !== "") this.#take(line);
      else if (this.#data.length > 0) {
        events.push({ id: this.#id, data: this.#data.join("\n") });
        this.#data = [];
      }
    }
    return events;
  }

  #take(line: string): void {
    const [, field, value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === "id") this.#id = value;
    if (field === "data") this.#data.push(value);
  }
}
