import { receiveMessageOnPort } from "node:worker_threads";
import { CodexError, TransportClosedError } from "../errors/errors.ts";
import { TurnResult } from "../turn/result.ts";
import { packForWorker } from "./caller-packing.ts";
import { errorFromData } from "./error-data.ts";
import type { InterruptedError } from "./interrupted-error.ts";
import { Keep } from "./keep.ts";
import { BEAT, type ToCaller, type ToWorker, type WorkerSpecial } from "./messages.ts";
import { type Packed, unpack } from "./packing.ts";
import { passOnInterrupt, Sleeper } from "./sleep.ts";
import { Kept } from "./synchronous.ts";
import { startWorker, type WorkerThread } from "./worker-thread.ts";

/** An object of the worker. */
export type RemoteObject = Extract<WorkerSpecial, { target: number }>;

/** A function of the surface: the stacks of errors begin with who called it. */
export type Entry = (...args: never[]) => unknown;

type Numbered = Extract<ToWorker, { kind: "open" | "call" }>;
type Request = Numbered extends infer T ? (T extends Numbered ? Omit<T, "id"> : never) : never;

/** What came of a request. */
interface Outcome {
  readonly outcome: "returned" | "thrown";
  readonly value: unknown;
  /** The value is one of this thread's that the worker has handed back. */
  readonly isOurs: boolean;
}

/**
 * Where the calling thread waits for the worker, and runs meanwhile what the worker asks of it.
 *
 * It is made of node:worker_threads alone. The libraries that block a thread carry a call and its
 * answer (synckit), or need an event loop on both sides to call back (coincident, comlink); here
 * the worker calls functions of the thread that waits, which may themselves call and wait again.
 */
export class Bridge {
  readonly #thread: WorkerThread;
  readonly #sleeper: Sleeper;
  readonly #keep: Keep;
  readonly #revive: (object: RemoteObject) => unknown;
  readonly #collected = new FinalizationRegistry<number>((target) => this.release(target));
  readonly #waiting = new Set<number>();
  readonly #settled = new Map<number, Outcome>();
  #lastId = 0;
  #interrupted: InterruptedError | undefined;
  #end: { readonly message: string; readonly cause?: unknown; readonly died?: true } | undefined;

  /** `revive` makes in this thread what stands for an object of the worker. */
  constructor(revive: (object: RemoteObject) => unknown) {
    this.#revive = revive;
    this.#keep = new Keep(
      (signal, reason) =>
        this.#post({ kind: "abort", signal, reason: this.pack(new Kept(reason)) }),
      (signal) => this.#post({ kind: "releaseSignal", signal }),
    );
    this.#thread = startWorker((cause) => this.#die(cause));
    this.#sleeper = new Sleeper(this.#thread.bell);
  }

  /** Whether the worker is gone. */
  get ended(): boolean {
    return this.#end !== undefined;
  }

  /** Why the worker is gone, if nobody has bidden it go. */
  get death(): TransportClosedError | undefined {
    return (
      this.#end?.died && new TransportClosedError(this.#end.message, { cause: this.#end.cause })
    );
  }

  pack(value: unknown): ReturnType<typeof packForWorker> {
    return packForWorker(value, this.#keep);
  }

  /**
   * Asks the worker and waits for what comes of it. `onInterrupt` is told when Ctrl-C ends the wait.
   * @throws what the worker threw, with the stack of who called `entry`; InterruptedError.
   */
  request(entry: Entry, request: Request, onInterrupt?: () => void): unknown {
    const { outcome, value, isOurs } = this.#settle(entry, request, onInterrupt);
    if (outcome === "returned") return value;
    // What was thrown on this side has a stack of its own, and so has the reason of a signal.
    throw isOurs ? value : atEntry(value, entry);
  }

  #settle(entry: Entry, request: Request, onInterrupt: (() => void) | undefined): Outcome {
    const id = ++this.#lastId;
    this.#waiting.add(id);
    try {
      this.#post({ ...request, id });
      return this.#wait(id);
    } catch (error) {
      if (error === this.#interrupted) onInterrupt?.();
      throw atEntry(error, entry);
    } finally {
      this.#waiting.delete(id);
      this.#passOnInterrupt();
    }
  }

  /** The worker need not keep this object any more. */
  release(target: number): void {
    this.#post({ kind: "release", target });
  }

  /** Releases the worker's object when `object`, which stands for it, is collected. */
  releaseWith(object: object, target: number): void {
    this.#collected.register(object, target);
  }

  releaseSignal(signal: AbortSignal): void {
    this.#keep.releaseSignal(signal);
  }

  /** Lets the worker go. Every later request is refused with this message. */
  end(message: string): void {
    this.#post({ kind: "end" });
    this.#end ??= { message };
    this.#thread.port.close();
  }

  #die(cause: unknown): void {
    const why = cause instanceof Error ? cause.message : String(cause);
    this.#end ??= {
      message: `The worker thread of the client has died: ${why}`,
      cause,
      died: true,
    };
  }

  #post(message: ToWorker): void {
    if (this.#end) return;
    try {
      this.#thread.port.postMessage(message);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new TypeError(
        `An argument can't be handed to the worker thread, as it is no data: ${why}`,
        { cause },
      );
    }
  }

  #wait(id: number): Outcome {
    let beat = this.#beat;
    let missed = 0;
    for (;;) {
      if (this.#interrupted) throw this.#interrupted;
      const { rung } = this.#sleeper;
      const settled = this.#read(id);
      if (settled) return settled;
      if (this.#end) throw new TransportClosedError(this.#end.message, { cause: this.#end.cause });
      if (this.#sleep(rung)) continue;
      missed = this.#beat === beat ? missed + 1 : 0;
      beat = this.#beat;
      // Once may be because the whole process was stopped for a while.
      if (missed === 2) this.#die(new CodexError("it does not answer"));
    }
  }

  get #beat(): number {
    return Atomics.load(this.#thread.bell, BEAT);
  }

  #sleep(rung: number): boolean {
    try {
      return this.#sleeper.sleep(rung);
    } catch (error) {
      this.#interrupted = error as InterruptedError;
      throw error;
    }
  }

  /** An interrupt ends every call that waits, the outermost last. */
  #passOnInterrupt(): void {
    if (this.#waiting.size > 0 || !this.#interrupted) return;
    this.#interrupted = undefined;
    passOnInterrupt();
  }

  /** Reads messages up to the one that settles this request. */
  #read(id: number): Outcome | undefined {
    for (;;) {
      const settled = this.#settled.get(id);
      this.#settled.delete(id);
      if (settled) return settled;
      const received: { message: ToCaller } | undefined = receiveMessageOnPort(this.#thread.port);
      if (received === undefined) return undefined;
      this.#accept(received.message);
    }
  }

  #accept(message: ToCaller): void {
    switch (message.kind) {
      case "settled":
        this.#settleLater(message);
        break;
      case "run":
        this.#run(message);
        break;
      case "abort":
        this.#keep.abortWorkerSignal(message.signal, this.#unpack(message.reason));
        break;
      case "releaseHeld":
        this.#keep.release(message.held);
        break;
      case "fatal":
        this.#die(this.#unpack(message.error));
    }
  }

  /** Unpacked at once: what the worker lets go of afterwards is still there now. */
  #settleLater({ id, outcome, value }: Extract<ToCaller, { kind: "settled" }>): void {
    const isOurs = value.specials[0]?.special.type === "held";
    const result = this.#unpack(value);
    if (this.#waiting.has(id)) this.#settled.set(id, { outcome, value: result, isOurs });
  }

  #run({ id, held, args }: Extract<ToCaller, { kind: "run" }>): void {
    const settle = (outcome: "returned" | "thrown", value: unknown) =>
      this.#post({ kind: "settled", id, outcome, value: this.pack(value) });
    try {
      const run = this.#keep.value(held) as (...args: unknown[]) => unknown;
      settle("returned", run(...(this.#unpack(args) as unknown[])));
    } catch (error) {
      settle("thrown", new Kept(error));
    } finally {
      for (const { special } of args.specials) {
        if (special.type === "signal") this.#keep.forgetWorkerSignal(special.signal);
      }
    }
  }

  #unpack(packed: Packed<WorkerSpecial>): unknown {
    return unpack(packed, (special) => {
      switch (special.type) {
        case "held":
          return this.#keep.value(special.held);
        case "signal":
          return this.#keep.workerSignal(special.signal);
        case "error":
          return errorFromData(special.error, (inner) => this.#unpack(inner));
        case "result":
          return Object.assign(Object.create(TurnResult.prototype), this.#unpack(special.fields));
        default:
          return this.#revive(special);
      }
    });
  }
}

function atEntry(error: unknown, entry: Entry): unknown {
  if (error instanceof Error) Error.captureStackTrace(error, entry);
  return error;
}
