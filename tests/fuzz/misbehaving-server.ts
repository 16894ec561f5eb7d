import { LaunchError } from "../../src/errors/errors.ts";
import type { Endpoint } from "../../src/transport/transport.ts";
import { Asks } from "./asks.ts";
import { type Call, Desk } from "./desk.ts";
import { hollow } from "./hollow.ts";
import { Outbox } from "./outbox.ts";
import type { Policy } from "./policy.ts";
import type { Random } from "./random.ts";
import { show } from "./show.ts";
import { DEEP_ID, strayText } from "./stray.ts";
import { afterTurn } from "./system-turns.ts";
import type { Fault, Habit, Temper } from "./temper.ts";
import { Traffic } from "./traffic.ts";
import type { VirtualClock } from "./virtual-clock.ts";
import { bytesWire, memoryWire, type Wire } from "./wire.ts";
import { World, type WorldThread } from "./world.ts";
import type { WorldTurn } from "./world-turn.ts";

/** A connection, and what the client knows from it. */
export interface Line {
  readonly id: number;
  readonly wire: Wire;
  readonly outbox: Outbox;
  readonly subscribed: Set<string>;
  readonly openedAt: number;
  /** Since when the client knows that a thread is active. */
  readonly active: Map<string, number>;
  /** Since when the client knows that a thread is idle. */
  readonly free: Map<string, number>;
  /** The items that the client has seen announced. */
  readonly announced: Set<string>;
  /** Whether the handshake is complete. Before that, the server sends no notifications. */
  isGreeted: boolean;
}

export interface ServerParts {
  readonly random: Random;
  readonly clock: VirtualClock;
  readonly temper: Temper;
  readonly log: (line: string) => void;
}

/** The handles that the client's user holds. */
export interface Holder {
  /** Whether a handle to this thread is held. */
  holds(threadId: string): boolean;
  /** Whether a handle with tools is held. */
  serves(threadId: string): boolean;
  /**
   * The turn that was running when a handle with tools was dropped: it can use them until it ends.
   */
  servesUntilEndOf(threadId: string): string | undefined;
}

const MAX_CHUNK_MS = 15;

/**
 * An app-server whose misbehaviour comes from a seed. What really happens on it is in its `world`.
 */
export class MisbehavingServer {
  readonly world = new World();
  readonly asks: Asks;
  readonly endpoint: Endpoint;
  readonly random: Random;
  readonly clock: VirtualClock;
  readonly temper: Temper;
  readonly traffic: Traffic;
  /** Things that the client did but must never do. */
  readonly faults: string[] = [];
  /** The items that the client has ever seen announced. */
  readonly announced = new Set<string>();
  /** The warnings that reached the client, and whether it must report each of them. */
  readonly warnings = new Map<string, boolean>();
  /** How the client is supposed to answer. */
  policy: Policy | undefined;
  holder: Holder | undefined;
  /** Whether the client retries requests that were refused because of overload. */
  clientRetries = true;
  /** Called when the message of a start arrives. */
  onStart: ((thread: WorldThread, text: string) => void) | undefined;
  /** How often another page of threads was requested. */
  listed = 0;
  readonly #log: (line: string) => void;
  readonly #desk: Desk;
  #line: Line | undefined;
  #isCalm = false;

  constructor({ random, clock, temper, log }: ServerParts) {
    this.random = random;
    this.clock = clock;
    this.temper = temper;
    this.#log = log;
    this.asks = new Asks((fault) => this.roll(fault));
    this.traffic = new Traffic(clock);
    this.#desk = new Desk(this);
    this.endpoint = {
      name: "fuzz",
      outlivesTransport: temper.outlives,
      connect: (signal) => this.#connect(signal),
    };
  }

  /** Whether the seed wants this fault now. */
  roll(fault: Fault): boolean {
    return !this.#isCalm && this.random.chance(this.temper.rates[fault]);
  }

  /** Whether the seed has this habit, and shows it now. */
  shows(habit: Habit, probability: number): boolean {
    return !this.#isCalm && this.temper.habits.has(habit) && this.random.chance(probability);
  }

  /** From now on the server behaves correctly. */
  calm(): void {
    this.#isCalm = true;
    for (const thread of this.world.threads.values()) thread.goalTurns = 0;
  }

  get isCalm(): boolean {
    return this.#isCalm;
  }

  get line(): Line | undefined {
    return this.#line;
  }

  /** What the server does next on the thread. */
  turnEnded(thread: WorldThread, turn: WorldTurn): void {
    afterTurn(this, thread, turn);
  }

  /** Whether the user holds this thread, or the one that it is a sub-agent of. */
  isHeld(thread: WorldThread): boolean {
    return this.#lineage(thread).some((id) => this.holder?.holds(id));
  }

  /** The same for a handle with tools, of a thread that the client listens to. */
  isServed(thread: WorldThread): boolean {
    const subscribed = this.#line?.subscribed;
    return this.#lineage(thread).some((id) => {
      if (!subscribed?.has(id)) return false;
      if (this.holder?.serves(id)) return true;
      const running = this.holder?.servesUntilEndOf(id);
      return running !== undefined && this.world.threads.get(id)?.active?.id === running;
    });
  }

  fault(what: string): void {
    this.faults.push(what);
    this.#log(`! ${what}`);
  }

  /** Notifies the thread's subscribers. */
  tell(thread: WorldThread, method: string, params: object, delivered?: () => void): void {
    if (!this.#line?.subscribed.has(thread.id)) return;
    this.#notify(thread, method, params, delivered);
  }

  /** Notifies all clients, as the server does about a thread's status. */
  tellAll(thread: WorldThread, method: string, params: object, delivered?: () => void): void {
    if (this.#line) this.#notify(thread, method, params, delivered);
  }

  tellStatus(thread: WorldThread): void {
    const line = this.#line;
    const isActive = thread.active !== undefined;
    this.tellAll(thread, "thread/status/changed", { status: thread.status }, () =>
      this.#knows(line, thread, isActive),
    );
  }

  send(message: object, delivered?: () => void): void {
    this.#sendText(JSON.stringify(message), delivered);
  }

  /** The client has read that the thread is active, or that it is idle. */
  knowsStatus(thread: WorldThread, isActive: boolean): void {
    this.#knows(this.#line, thread, isActive);
  }

  /** Ends the connection; a server that doesn't outlive its connections dies with it. */
  disconnect(): void {
    const line = this.#line;
    if (!line) return;
    this.#log("← (the connection ends)");
    this.traffic.cut({ losesBytes: this.temper.bytes });
    line.wire.die();
  }

  /** Ends it once nothing else is due now, if the seed still wants that. */
  disconnectSoon(): void {
    const line = this.#line;
    this.clock.after(0, () => {
      if (this.#line === line && !this.#isCalm) this.disconnect();
    });
  }

  #lineage({ id, parentId }: WorldThread): string[] {
    const parent = parentId === undefined ? undefined : this.world.threads.get(parentId);
    return [id, ...(parent ? this.#lineage(parent) : [])];
  }

  #notify(thread: WorldThread, method: string, params: object, delivered?: () => void): void {
    if (!this.#line?.isGreeted) return;
    const message = { method, params: { threadId: thread.id, ...params } };
    this.send(message, delivered);
    if (/delta/i.test(method)) return;
    if (this.roll("twice")) this.send(message);
    if (this.roll("hollowNotifications")) {
      this.#sendText(JSON.stringify({ method, params: hollow(message.params, this.random) }));
    }
    this.#misbehaveAtRandom();
  }

  async #connect(signal: AbortSignal) {
    this.traffic.dialled();
    await this.clock.sleep(this.random.between(0, 20));
    signal.throwIfAborted();
    if (this.roll("unreachable")) {
      this.traffic.unreachable++;
      throw new LaunchError("The server can't be reached");
    }
    const line = this.#open(this.traffic.opened());
    this.#log(`← (connection ${line.id})`);
    return line.wire.transport;
  }

  #open(id: number): Line {
    if (this.#line) this.fault("[connections] the client dials while it has a connection");
    const events = {
      received: (text: string) => this.#receive(id, text),
      ended: () => this.#ended(id),
      readerThrew: (error: unknown) => this.fault(`[reader] the client threw: ${show(error)}`),
    };
    const { clock, random } = this;
    const wire = this.temper.bytes ? bytesWire(random.fork(), clock, events) : memoryWire(events);
    // Terminal noise precedes the message in the first line.
    let noise = this.temper.bytes && this.shows("noise", 1) ? "\u001b[?2004h" : "";
    const outbox = new Outbox({
      send: ([first, ...rest]) => {
        if (this.#line?.id === id) wire.send([noise + first, ...rest]);
        noise = "";
      },
      holdMs: () => (this.shows("chunks", 0.2) ? random.between(1, MAX_CHUNK_MS) : 0),
      after: (ms, work) => clock.after(ms, work),
    });
    this.#line = {
      id,
      wire,
      outbox,
      openedAt: clock.now,
      subscribed: new Set(),
      active: new Map(),
      free: new Map(),
      announced: new Set(),
      isGreeted: false,
    };
    return this.#line;
  }

  #ended(id: number): void {
    const line = this.#line;
    if (line?.id !== id) return;
    line.outbox.drop();
    this.#line = undefined;
    this.traffic.closed(line.openedAt);
    if (this.temper.outlives) return;
    this.world.crash(this.clock.now);
    this.asks.die();
  }

  #receive(lineId: number, text: string): void {
    if (this.#line?.id !== lineId) return;
    this.#log(`→ ${text}`);
    const message = JSON.parse(text) as Partial<Call> & { error?: unknown; result?: unknown };
    if (message.method === undefined) {
      const isDeep = message.id === DEEP_ID;
      const fault = isDeep ? undefined : this.asks.answered(message.id, message);
      if (fault) this.fault(fault);
    } else if (message.id !== undefined) {
      const { id, method, params = {} } = message;
      this.traffic.received(method, params);
      this.#desk.serve({ id, method, params });
    } else {
      if (message.method === "initialized" && this.#line) this.#line.isGreeted = true;
      this.cutsAt(message.method);
    }
    this.#misbehaveAtRandom();
  }

  /** Whether the seed cuts the connection at this request; then it is cut. */
  cutsAt(method: string): boolean {
    const { cuts } = this.temper;
    if (!cuts || cuts.at !== method || this.#isCalm || this.clock.now > cuts.untilMs) return false;
    this.disconnectSoon();
    return true;
  }

  #knows(line: Line | undefined, thread: WorldThread, isActive: boolean): void {
    if (!line) return;
    if (isActive === line.active.has(thread.id)) return;
    if (isActive) line.active.set(thread.id, this.clock.now);
    else line.active.delete(thread.id);
    if (!isActive) line.free.set(thread.id, this.clock.now);
  }

  #misbehaveAtRandom(): void {
    if (this.roll("stray")) {
      const text = strayText(this.random);
      for (let times = this.random.pick([1, 1, 2]); times > 0; times--) this.#sendStray(text);
    }
    if (this.roll("floods") && this.random.chance(0.1)) {
      for (let count = 0; count < 100; count++) this.#sendStray(strayText(this.random));
    }
    if (this.roll("disconnects") && this.random.chance(0.3)) this.disconnectSoon();
  }

  #sendStray(text: string): void {
    this.traffic.strays++;
    this.#sendText(text);
  }

  #sendText(text: string, delivered?: () => void): void {
    if (!this.#line) return;
    this.#log(`← ${text}`);
    this.#line.outbox.push(text, delivered);
  }
}
