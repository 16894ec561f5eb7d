import type { MessagePort } from "node:worker_threads";
import { Codex } from "../client/codex.ts";
import type { CodexOptions } from "../client/options.ts";
import { onAbort } from "../util/abort.ts";
import { type Deferred, deferred } from "../util/deferred.ts";
import { messageOf } from "../util/describe.ts";
import { AbortableCall } from "./abortable-call.ts";
import {
  ASYNC_ITERATOR,
  type Call,
  type CallerReference,
  CODEX,
  MESSAGES,
  type Settled,
  type ToCaller,
  type ToWorker,
  type WorkerStart,
} from "./messages.ts";
import { type PackingHost, WorkerPacking } from "./worker-packing.ts";

type Request = Extract<ToWorker, { kind: "open" | "call" }>;

/** A function of the calling thread that is running there. */
interface RunningFunction {
  readonly result: Deferred<unknown>;
  /** Removes the call's listeners from the signals among its arguments. */
  stopFollowing(): void;
}

/** The worker's side of the bridge: makes the calls that the calling thread asks for. */
export class CallServer implements PackingHost {
  readonly #port: MessagePort;
  readonly #counters: Int32Array;
  readonly #packing = new WorkerPacking(this);
  /**
   * The client and the objects that its methods returned, until the calling thread releases them.
   */
  readonly #objects = new Map<number, object>();
  /** Mirrors of the calling thread's signals; until they abort or are released. */
  readonly #signals = new Map<number, AbortController>();
  /** The functions of the calling thread that are running, until that thread has answered. */
  readonly #running = new Map<number, RunningFunction>();
  /** The calls that can be aborted, until they have settled. */
  readonly #abortable = new Map<number, AbortableCall>();
  #lastId: number = CODEX;

  constructor({ port, counters }: Pick<WorkerStart, "port" | "counters">) {
    this.#port = port;
    this.#counters = counters;
    port.on("message", (message: ToWorker) => this.#accept(message));
  }

  /** How many entries each table has. */
  get sizes(): Readonly<Record<string, number>> {
    return {
      objects: this.#objects.size,
      signals: this.#signals.size,
      running: this.#running.size,
      abortable: this.#abortable.size,
    };
  }

  /** Reports the error that ends the worker. */
  fail(error: unknown): void {
    this.#post({ kind: "failed", error: this.#packing.pack(error) });
  }

  async run(handle: number, args: readonly unknown[]): Promise<unknown> {
    const id = ++this.#lastId;
    const following: (() => void)[] = [];
    const result = deferred<unknown>();
    const stopFollowing = () => {
      for (const stop of following) stop();
    };
    this.#running.set(id, { result, stopFollowing });
    try {
      const packed = this.#packing.pack(args, (signal) => this.#follow(signal, following));
      this.#post({ kind: "run", id, handle, args: packed });
    } catch (error) {
      this.#running.delete(id);
      stopFollowing();
      throw error;
    }
    return result.promise;
  }

  callerSignal(signal: number): AbortSignal {
    const controller = this.#signals.get(signal) ?? new AbortController();
    this.#signals.set(signal, controller);
    return controller.signal;
  }

  register(object: object): number {
    const id = ++this.#lastId;
    this.#objects.set(id, object);
    return id;
  }

  releaseHandle(handle: number): void {
    this.#post({ kind: "releaseHandle", handle });
  }

  /** Lets the calling thread mirror a signal. Returns its number. */
  #follow(signal: AbortSignal, following: (() => void)[]): number {
    const id = ++this.#lastId;
    let stop: (() => void) | undefined = () => {};
    following.push(() => {
      stop?.();
      stop = undefined;
    });
    // Listens only after the message that names the signal was sent, so that the abort follows it.
    queueMicrotask(() => {
      if (stop === undefined) return;
      stop = onAbort(signal, () => {
        this.#post({ kind: "abort", signal: id, reason: this.#packing.pack(signal.reason) });
      });
    });
    return id;
  }

  #accept(message: ToWorker): void {
    switch (message.kind) {
      case "open":
      case "call":
        this.#answer(message);
        break;
      case "settled":
        this.#settle(message);
        break;
      case "abort": {
        const reason = this.#packing.unpack(message.reason);
        this.#signals.get(message.signal)?.abort(reason);
        this.#signals.delete(message.signal);
        break;
      }
      case "abortCall":
        this.#abortable.get(message.id)?.abort();
        break;
      case "release":
        this.#release(message.target);
        break;
      case "releaseSignal":
        this.#signals.delete(message.signal);
        break;
      case "ping":
        break;
      case "end":
        process.exit();
    }
  }

  #settle({ id, outcome, value: packed }: Settled<CallerReference>): void {
    const value = this.#packing.unpack(packed);
    const running = this.#running.get(id);
    this.#running.delete(id);
    running?.stopFollowing();
    if (outcome === "returned") running?.result.resolve(value);
    else running?.result.reject(value);
  }

  async #answer(request: Request): Promise<void> {
    const { id } = request;
    let settled: [outcome: "returned" | "thrown", value: unknown];
    try {
      settled = ["returned", await this.#do(request)];
    } catch (error) {
      settled = ["thrown", error];
    } finally {
      this.#abortable.get(id)?.[Symbol.dispose]();
      this.#abortable.delete(id);
    }
    const lastId = this.#lastId;
    try {
      this.#postSettled(id, ...settled);
    } catch (error) {
      for (let target = lastId + 1; target <= this.#lastId; target++) this.#release(target);
      const why = `The result can't be copied to the calling thread: ${messageOf(error)}`;
      this.#postSettled(id, "thrown", new TypeError(why));
    }
  }

  #postSettled(id: number, outcome: "returned" | "thrown", value: unknown): void {
    this.#post({ kind: "settled", id, outcome, value: this.#packing.pack(value) });
  }

  async #do(request: Request): Promise<unknown> {
    if (request.kind === "open") {
      return this.#open(this.#packing.unpack(request.options) as CodexOptions);
    }
    const args = this.#argsOf(request);
    const object = this.#objects.get(request.target);
    if (object === undefined) throw new TypeError("This object was released");
    const { owner, member } = memberOf(object, request.member);
    // Not `member.apply`: a function of `codex.api` has members of every name.
    return typeof member === "function" ? Reflect.apply(member, owner, args) : member;
  }

  #argsOf({ id, args, abortable }: Call): unknown[] {
    const unpacked = this.#packing.unpack(args) as unknown[];
    if (!abortable) return unpacked;
    const call = new AbortableCall();
    this.#abortable.set(id, call);
    return call.withSignal(unpacked);
  }

  async #open(options: CodexOptions): Promise<void> {
    const codex = new Codex(options);
    this.#objects.set(CODEX, codex);
    try {
      await codex.connect({ signal: options.signal });
    } catch (error) {
      await codex.close();
      throw error;
    }
  }

  #release(target: number): void {
    const object = this.#objects.get(target) as
      | { return?: () => Promise<unknown>; [Symbol.dispose]?: () => void }
      | undefined;
    this.#objects.delete(target);
    object?.return?.().catch(() => {});
    object?.[Symbol.dispose]?.();
  }

  #post(message: ToCaller): void {
    this.#port.postMessage(message);
    Atomics.add(this.#counters, MESSAGES, 1);
    Atomics.notify(this.#counters, MESSAGES);
  }
}

/** The member at a path such as "account.read", and the object that has it. */
function memberOf(object: object, path: string): { owner: unknown; member: unknown } {
  let owner: unknown;
  let member: unknown = object;
  for (const name of path.split(".")) {
    owner = member;
    const key = name === ASYNC_ITERATOR ? Symbol.asyncIterator : name;
    member = Reflect.get(owner as object, key);
  }
  return { owner, member };
}
