import { TransportClosedError } from "../errors/errors.ts";
import { messageOf } from "../util/describe.ts";
import { CallerPacking, type Outgoing } from "./caller-packing.ts";
import { CollectionWatch } from "./collection-watch.ts";
import { InterruptedError } from "./interrupted-error.ts";
import { deliverInterrupt } from "./interruptible-wait.ts";
import type { ObjectReference, Run, Settled, ToWorker, WorkerReference } from "./messages.ts";
import { ByReference } from "./synchronous.ts";
import type { WorkerMessage, WorkerThread } from "./worker-thread.ts";

/** A function of the public API: stack traces of errors start at its caller. */
export type Entry = (...args: never[]) => unknown;

/** A call to a method of one of the worker's objects, or a read of a property. */
export interface RemoteCall {
  readonly target: number;
  readonly member: string;
  readonly args: readonly unknown[];
  /** Whether the last argument is an options object, whose signal Ctrl-C aborts. */
  readonly abortable?: boolean;
}

/**
 * A request that the calling thread waits for. Requests nest when a function that it runs makes
 * calls.
 */
interface PendingRequest {
  readonly outgoing: Outgoing;
  outcome?: Outcome;
}

interface Outcome {
  readonly kind: "returned" | "thrown";
  readonly value: unknown;
  /** Whether the value belongs to the calling thread, and the worker only returned it. */
  readonly isOurs: boolean;
}

/**
 * Sends calls to the worker, blocks until each is answered, and meanwhile runs the functions that
 * the worker asks for.
 *
 * It needs only node:worker_threads. Existing libraries that block a thread can only carry a call
 * and its answer (synckit), or need an event loop on both sides for callbacks (coincident,
 * comlink). Here the worker calls functions of the blocked thread, which can make further blocking
 * calls.
 */
export class Bridge {
  readonly #thread: WorkerThread;
  readonly #packing: CallerPacking;
  readonly #pending = new Map<number, PendingRequest>();
  /** The caller's signals that a turn or iterator of the worker uses, by the number of the object. */
  readonly #signalsOf = new Map<number, readonly number[]>();
  readonly #proxies = new CollectionWatch((target) => this.#release(target));
  #lastId = 0;
  #interrupted: InterruptedError | undefined;

  /** `proxyOf` creates the representation of a worker's object in this thread. */
  constructor(thread: WorkerThread, proxyOf: (object: ObjectReference, bridge: Bridge) => unknown) {
    this.#thread = thread;
    this.#packing = new CallerPacking({
      onAbort: (signal, reason) => this.#postAbort(signal, reason),
      onUnused: (signal) => thread.post({ kind: "releaseSignal", signal }),
      proxyOf: (object) => proxyOf(object, this),
    });
    thread.onEnd(() => {
      this.#packing.clear();
      this.#proxies.clear();
      this.#signalsOf.clear();
    });
  }

  get ended(): boolean {
    return this.#thread.end !== undefined;
  }

  /** The error that ended the worker; undefined while it is running, and after `end()`. */
  get failure(): TransportClosedError | undefined {
    const { end } = this.#thread;
    const error = end?.failed ? end.error() : undefined;
    return error instanceof TransportClosedError ? error : undefined;
  }

  /** How many entries each table has. */
  get sizes(): Readonly<Record<string, number>> {
    return {
      ...this.#packing.sizes,
      pending: this.#pending.size,
      signalOwners: this.#signalsOf.size,
      proxies: this.#proxies.size,
    };
  }

  /** Creates the client. Keeps listening to the signals in its options until `end()`. */
  open(entry: Entry, options: unknown): void {
    const outgoing = this.#packing.pack(options);
    outgoing.takeSignals();
    this.#request(entry, outgoing, (id) => ({ kind: "open", id, options: outgoing.packed }));
  }

  /**
   * @throws the error of the worker's method, with the stack of the caller of `entry`;
   * InterruptedError.
   */
  call(entry: Entry, { target, member, args, abortable = false }: RemoteCall): unknown {
    const outgoing = this.#packing.pack(args);
    const { packed } = outgoing;
    return this.#request(entry, outgoing, (id) => {
      return { kind: "call", id, target, member, args: packed, abortable };
    });
  }

  /** Releases the worker's object when `proxy` is collected, unless it is released before. */
  releaseWith(proxy: object, target: number): void {
    this.#proxies.watch(proxy, target);
  }

  /** Releases the worker's object when its iterator is closed or its subscription has ended. */
  release(proxy: object, target: number): void {
    this.#proxies.unwatch(proxy, target);
    this.#release(target);
  }

  /** Stops listening to the signals of a turn's call. Called when the turn has ended. */
  releaseSignals(target: number): void {
    this.#packing.releaseSignals(this.#signalsOf.get(target) ?? []);
    this.#signalsOf.delete(target);
  }

  /** Ends the worker. Every later call is refused with this message. */
  end(message: string): void {
    this.#thread.stop(message);
  }

  #release(target: number): void {
    this.#thread.post({ kind: "release", target });
    this.releaseSignals(target);
  }

  #request(entry: Entry, outgoing: Outgoing, requestOf: (id: number) => ToWorker): unknown {
    this.#proxies.sweep();
    const id = ++this.#lastId;
    const request: PendingRequest = { outgoing };
    this.#pending.set(id, request);
    let outcome: Outcome;
    try {
      this.#post(requestOf(id), outgoing, "An argument");
      outcome = this.#wait(request);
    } catch (error) {
      if (error === this.#interrupted) this.#thread.post({ kind: "abortCall", id });
      throw atEntry(error, entry);
    } finally {
      this.#pending.delete(id);
      outgoing.releaseSignals();
      this.#deliverInterrupt();
    }
    if (outcome.kind === "returned") return outcome.value;
    // Errors of this thread, and the reasons of its signals, have their own stacks.
    throw outcome.isOurs ? outcome.value : atEntry(outcome.value, entry);
  }

  #post(message: ToWorker, outgoing: Outgoing, what: string): void {
    if (this.#thread.end) outgoing.discard();
    try {
      this.#thread.post(message);
    } catch (cause) {
      outgoing.discard();
      const why = `${what} can't be copied to the worker thread: ${messageOf(cause)}`;
      throw new TypeError(why, { cause });
    }
  }

  #postAbort(signal: number, value: unknown): void {
    const reason = this.#packing.pack(new ByReference(value));
    this.#post({ kind: "abort", signal, reason: reason.packed }, reason, "A signal's reason");
  }

  #wait(request: PendingRequest): Outcome {
    for (;;) {
      if (this.#interrupted) throw this.#interrupted;
      const seen = this.#thread.messageCount;
      this.#readUntil(request);
      if (request.outcome) return request.outcome;
      const { end } = this.#thread;
      if (end) throw end.error();
      try {
        this.#thread.wait(seen);
      } catch (error) {
        if (error instanceof InterruptedError) this.#interrupted = error;
        throw error;
      }
    }
  }

  /** Delivers an interrupt to the program, after the outermost of the nested requests: the interrupt ends all of them. */
  #deliverInterrupt(): void {
    if (this.#pending.size > 0 || !this.#interrupted) return;
    this.#interrupted = undefined;
    deliverInterrupt();
  }

  /** Reads messages up to the one that settles this request. */
  #readUntil(request: PendingRequest): void {
    while (!request.outcome) {
      const message = this.#thread.receive();
      if (message === undefined) return;
      this.#accept(message);
    }
  }

  #accept(message: WorkerMessage): void {
    switch (message.kind) {
      case "settled":
        this.#settle(message);
        break;
      case "run":
        this.#run(message);
        break;
      case "abort":
        this.#packing.abortWorkerSignal(message.signal, this.#packing.unpack(message.reason));
        break;
      case "releaseHandle":
        this.#packing.releaseHandle(message.handle);
        break;
      case "failed":
        this.#thread.fail(this.#packing.unpack(message.error));
    }
  }

  /** Unpacks immediately, because the worker may release handles right afterwards. */
  #settle({ id, outcome: kind, value: packed }: Settled<WorkerReference>): void {
    const request = this.#pending.get(id);
    const value = this.#packing.unpack(packed, (object) => {
      if (request) this.#handOverSignals(request.outgoing, object);
    });
    const [first] = packed.references;
    const isOurs = first?.path.length === 0 && first.reference.type === "handle";
    if (request) request.outcome = { kind, value, isOurs };
  }

  /** Keeps the signals of a call for the turn or iterator that it returned, which uses them as long as it exists. */
  #handOverSignals(outgoing: Outgoing, { type, target }: ObjectReference): void {
    if (type !== "turn" && type !== "iterator") return;
    const signals = outgoing.takeSignals();
    if (signals.length > 0) this.#signalsOf.set(target, signals);
  }

  #run(run: Run): void {
    const settle = (outcome: "returned" | "thrown", value: unknown) => {
      const result = this.#packing.pack(value);
      const message = { kind: "settled", id: run.id, outcome, value: result.packed } as const;
      this.#post(message, result, "The result of a function");
      // Only arguments and options contain signals that the worker keeps using.
      result.releaseSignals();
    };
    try {
      settle("returned", this.#packing.run(run));
    } catch (error) {
      settle("thrown", new ByReference(error));
    }
  }
}

function atEntry(error: unknown, entry: Entry): unknown {
  if (error instanceof Error) Error.captureStackTrace(error, entry);
  return error;
}
