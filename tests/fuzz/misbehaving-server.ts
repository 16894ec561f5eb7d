import { LaunchError } from "../../src/errors/errors.ts";
import type { Endpoint } from "../../src/transport/transport.ts";
import { Asks } from "./asks.ts";
import { answerTo, type Call } from "./methods.ts";
import type { Random } from "./random.ts";
import { strayText } from "./stray.ts";
import type { Fault, Temper } from "./temper.ts";
import { playTurn } from "./turn-script.ts";
import type { VirtualClock } from "./virtual-clock.ts";
import { bytesWire, memoryWire, type Wire } from "./wire.ts";
import { World, type WorldThread, type WorldTurn } from "./world.ts";

export interface Line {
  readonly id: number;
  readonly wire: Wire;
  readonly subscribed: Set<string>;
}

const BUSY = { code: -32001, message: "Server overloaded; retry later." };
const REFUSED = { code: -32603, message: "as the seed wants" };

interface Message {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params?: unknown;
}

/** An app-server whose bad manners come from a seed. What really happens on it is in its `world`. */
export class MisbehavingServer {
  readonly world = new World();
  readonly asks: Asks;
  readonly endpoint: Endpoint;
  readonly random: Random;
  readonly clock: VirtualClock;
  readonly temper: Temper;
  /** What the client did that no client may do. */
  readonly faults: string[] = [];
  /** How often the server gave no good answer when it was asked of a thread or its turns. */
  unhelpful = 0;
  readonly #log: (line: string) => void;
  #line: Line | undefined;
  #lines = 0;
  #calm = false;

  constructor(parts: {
    random: Random;
    clock: VirtualClock;
    temper: Temper;
    log: (line: string) => void;
  }) {
    this.random = parts.random;
    this.clock = parts.clock;
    this.temper = parts.temper;
    this.#log = parts.log;
    this.asks = new Asks((fault) => this.roll(fault));
    this.endpoint = {
      name: "fuzz",
      outlivesTransport: parts.temper.outlives,
      connect: (signal) => this.#connect(signal),
    };
  }

  /** Whether a client may have missed what it could not ask for: then no more is known of a turn. */
  get mayLose(): boolean {
    return this.unhelpful > 0 && this.#lines > 1;
  }

  /** Whether the seed wants this fault now. */
  roll(fault: Fault): boolean {
    return !this.#calm && this.random.chance(this.temper.rates[fault]);
  }

  /** From now on the server behaves. */
  calm(): void {
    this.#calm = true;
  }

  get isConnected(): boolean {
    return this.#line !== undefined;
  }

  get line(): Line | undefined {
    return this.#line;
  }

  /** Tells those who listen to the thread. */
  tell(thread: WorldThread, method: string, params: object): void {
    if (!this.#line?.subscribed.has(thread.id)) return;
    this.send({ method, params: { threadId: thread.id, ...params } });
    if (!/delta/i.test(method) && this.roll("twice")) {
      this.send({ method, params: { threadId: thread.id, ...params } });
    }
    this.#misbehaveAtRandom();
  }

  send(message: object): void {
    const text = JSON.stringify(message);
    this.#log(`← ${text}`);
    this.#line?.wire.send(text);
  }

  startTurn(
    thread: WorldThread,
    clientId?: string,
    kind: "turn" | "compaction" = "turn",
  ): WorldTurn {
    const turn = this.world.addTurn(thread);
    const delay = this.roll("early") ? 0 : this.random.between(5, 30);
    this.clock.after(delay, () => playTurn(this, thread, turn, { clientId, kind }));
    return turn;
  }

  /** Ends the connection; a server that does not outlive it dies with it. */
  disconnect(): void {
    const line = this.#line;
    if (!line) return;
    this.#log("← (the connection ends)");
    line.wire.die();
  }

  async #connect(signal: AbortSignal) {
    await this.clock.sleep(this.random.between(0, 20));
    signal.throwIfAborted();
    if (this.roll("unreachable")) throw new LaunchError("The server can't be reached");
    const id = ++this.#lines;
    const events = {
      received: (text: string) => this.#receive(text),
      ended: () => this.#ended(id),
    };
    const wire = this.temper.bytes
      ? bytesWire(this.random.fork(), this.clock, events)
      : memoryWire(events);
    this.#line = { id, wire, subscribed: new Set() };
    this.#log(`← (connection ${id})`);
    return wire.transport;
  }

  #ended(id: number): void {
    if (this.#line?.id !== id) return;
    this.#line = undefined;
    for (const thread of this.world.threads.values()) {
      for (const turn of thread.turns) turn.toldActiveOn = undefined;
    }
    if (this.temper.outlives) return;
    this.world.crash();
    this.asks.die();
  }

  #receive(text: string): void {
    this.#log(`→ ${text}`);
    const message = JSON.parse(text) as Message;
    if (message.method === undefined) {
      const fault = this.asks.answered(message.id);
      if (fault) this.faults.push(fault);
    } else if (message.id !== undefined) {
      const { id, method, params } = message;
      this.#serve({ id, method: String(method), params: (params ?? {}) as Call["params"] });
    }
    this.#misbehaveAtRandom();
  }

  #serve(call: Call): void {
    if (call.method !== "initialize") {
      const refusal = this.roll("overloads") ? BUSY : this.roll("refuses") ? REFUSED : undefined;
      if (refusal) {
        this.#countUnhelpful(call);
        this.send({ id: call.id, error: refusal });
        return;
      }
    }
    if (this.roll("silent")) {
      this.#countUnhelpful(call);
      return;
    }
    const delay = this.roll("reorders") ? this.random.between(0, 200) : 0;
    if (delay >= 50) this.#countUnhelpful(call);
    const answer = answerTo(this, call);
    if (this.roll("forgetsToAnswer")) {
      this.#countUnhelpful(call);
      return;
    }
    const line = this.#line;
    const times = this.roll("twice") ? 2 : 1;
    this.clock.after(delay, () => {
      // On a connection that has ended meanwhile the answer is lost.
      if (this.#line !== line) return;
      for (let time = 0; time < times; time++) {
        this.send({ id: call.id, ...answer() });
      }
    });
  }

  #countUnhelpful({ method }: Call): void {
    if (/^thread\/(?:resume|read|turns\/list)$/.test(method)) this.unhelpful++;
  }

  #misbehaveAtRandom(): void {
    if (this.roll("stray")) this.#sendText(strayText(this.random));
    if (this.roll("floods") && this.random.chance(0.1)) {
      for (let count = 0; count < 100; count++) this.#sendText(strayText(this.random));
    }
    if (this.roll("disconnects") && this.random.chance(0.3)) {
      this.clock.after(0, () => this.disconnect());
    }
  }

  #sendText(text: string): void {
    this.#log(`← ${text}`);
    this.#line?.wire.send(text);
  }
}
