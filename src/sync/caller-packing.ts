import { CodexError } from "../errors/errors.ts";
import { TurnResult } from "../turn/result.ts";
import { type CallerTables, packForWorker } from "./caller-references.ts";
import { errorFromData } from "./error-data.ts";
import { HandleTable } from "./handle-table.ts";
import type { CallerReference, ObjectReference, Run, WorkerReference } from "./messages.ts";
import { type Packed, unpack } from "./packing.ts";
import { SharedSignals } from "./shared-signals.ts";
import { WorkerSignals } from "./worker-signals.ts";

/**
 * The maximum nesting of functions that run during each other's calls. More levels would overflow the
 * stack, which would end the process.
 */
const MAX_NESTED = 64;

export interface CallerPackingOptions {
  /** Called when one of the caller's signals aborts. */
  readonly onAbort: (signal: number, reason: unknown) => void;
  /** Called when the last use of one of the caller's signals ends. */
  readonly onUnused: (signal: number) => void;
  /** Creates the representation of a worker's object in this thread. */
  readonly proxyOf: (object: ObjectReference) => unknown;
}

/**
 * Packs and unpacks in the calling thread, and owns the values that the threads refer to by number.
 */
export class CallerPacking {
  readonly #handles = new HandleTable();
  readonly #signals: SharedSignals;
  readonly #workerSignals = new WorkerSignals();
  readonly #proxyOf: (object: ObjectReference) => unknown;
  #running = 0;

  constructor({ onAbort, onUnused, proxyOf }: CallerPackingOptions) {
    this.#signals = new SharedSignals(onAbort, onUnused);
    this.#proxyOf = proxyOf;
  }

  get sizes(): Readonly<Record<"handles" | "signals" | "workerSignals", number>> {
    return {
      handles: this.#handles.size,
      signals: this.#signals.size,
      workerSignals: this.#workerSignals.size,
    };
  }

  /** @throws the errors of `packForWorker`, after removing every added entry from the tables. */
  pack(given: unknown): Outgoing {
    const outgoing = new Outgoing(this.#handles, this.#signals);
    try {
      outgoing.packed = packForWorker(given, outgoing);
      return outgoing;
    } catch (error) {
      outgoing.discard();
      throw error;
    }
  }

  /** `onObject` is called with each object of the worker. */
  unpack(packed: Packed<WorkerReference>, onObject?: (object: ObjectReference) => void): unknown {
    return unpack(packed, (reference) => {
      switch (reference.type) {
        case "handle":
          return this.#handles.get(reference.handle);
        case "signal":
          return this.#workerSignals.mirror(reference.signal);
        case "error":
          return errorFromData(reference.error, (inner) => this.unpack(inner));
        case "buffer": {
          const { buffer, byteOffset, byteLength } = reference.bytes;
          return Buffer.from(buffer, byteOffset, byteLength);
        }
        case "result":
          return Object.assign(Object.create(TurnResult.prototype), this.unpack(reference.fields));
        default:
          onObject?.(reference);
          return this.#proxyOf(reference);
      }
    });
  }

  /**
   * Runs a function of this thread for the worker.
   * @throws CodexError if 64 functions are running; the function's own error.
   */
  run({ handle, args }: Run): unknown {
    const run = this.#handles.get(handle) as (...args: unknown[]) => unknown;
    this.#running++;
    try {
      const values = this.unpack(args) as unknown[];
      if (this.#running > MAX_NESTED) throw new CodexError(TOO_MANY);
      return run(...values);
    } finally {
      this.#running--;
      for (const { reference } of args.references) {
        if (reference.type === "signal") this.#workerSignals.forget(reference.signal);
      }
    }
  }

  abortWorkerSignal(signal: number, reason: unknown): void {
    this.#workerSignals.abort(signal, reason);
  }

  releaseHandle(handle: number): void {
    this.#handles.release(handle);
  }

  releaseSignals(signals: readonly number[]): void {
    for (const signal of signals) this.#signals.release(signal);
  }

  /** Empties the tables, because the worker has ended. */
  clear(): void {
    this.#handles.clear();
    this.#signals.clear();
  }
}

/**
 * The packed values of one message to the worker, and the entries that they added to the tables.
 */
export class Outgoing implements CallerTables {
  packed: Packed<CallerReference> = { value: undefined, references: [] };
  readonly #handleTable: HandleTable;
  readonly #signalTable: SharedSignals;
  readonly #handles: number[] = [];
  readonly #signals: number[] = [];

  constructor(handles: HandleTable, signals: SharedSignals) {
    this.#handleTable = handles;
    this.#signalTable = signals;
  }

  addHandle(value: unknown): number {
    const handle = this.#handleTable.add(value);
    this.#handles.push(handle);
    return handle;
  }

  useSignal(signal: AbortSignal): number {
    const number = this.#signalTable.use(signal);
    this.#signals.push(number);
    return number;
  }

  /** Transfers the uses of the signals to the caller, who must release them. */
  takeSignals(): readonly number[] {
    return this.#signals.splice(0);
  }

  /** Releases the signals of a call that has ended, unless they were handed over. */
  releaseSignals(): void {
    for (const signal of this.takeSignals()) this.#signalTable.release(signal);
  }

  /** Releases everything in a message that isn't sent: the worker won't do that. */
  discard(): void {
    this.releaseSignals();
    for (const handle of this.#handles.splice(0)) this.#handleTable.release(handle);
  }
}

const TOO_MANY =
  `A function wasn't called: ${MAX_NESTED} functions are already running inside each other's calls. ` +
  "Make fewer calls in approval rules, handlers and tools, or use Codex instead of CodexSync";
