import type { MessagePort } from "node:worker_threads";
import { Codex } from "../client/codex.ts";
import type { CodexOptions } from "../client/options.ts";
import { onAbort } from "../util/abort.ts";
import { type Deferred, deferred } from "../util/deferred.ts";
import { CODEX, RUNG, type ToCaller, type ToWorker, type WorkerStart } from "./messages.ts";
import { WorkerPacking, type Workplace } from "./worker-packing.ts";

type Request = Extract<ToWorker, { kind: "open" | "call" }>;

/** The worker's side of the bridge: does to the asynchronous client what the calling thread asks for. */
export class CallServer implements Workplace {
  readonly #port: MessagePort;
  readonly #bell: Int32Array;
  readonly #packing = new WorkerPacking(this);
  readonly #objects = new Map<number, object>();
  readonly #controllers = new Map<number, AbortController>();
  readonly #running = new Map<number, Deferred<unknown>>();
  #lastId: number = CODEX;

  constructor({ port, bell }: WorkerStart) {
    this.#port = port;
    this.#bell = bell;
    port.on("message", (message: ToWorker) => this.#accept(message));
  }

  /** Tells the calling thread that this one can't go on. */
  fail(error: unknown): void {
    this.#post({ kind: "fatal", error: this.#packing.pack(error) });
  }

  run(held: number, args: readonly unknown[]): Promise<unknown> {
    const id = ++this.#lastId;
    const running = deferred<unknown>();
    this.#running.set(id, running);
    this.#post({ kind: "run", id, held, args: this.#packing.pack(args) });
    return running.promise;
  }

  callerSignal(signal: number): AbortSignal {
    const controller = this.#controllers.get(signal) ?? new AbortController();
    this.#controllers.set(signal, controller);
    return controller.signal;
  }

  follow(signal: AbortSignal): number {
    const id = ++this.#lastId;
    // After the message that names the signal.
    queueMicrotask(() =>
      onAbort(signal, () => {
        this.#post({ kind: "abort", signal: id, reason: this.#packing.pack(signal.reason) });
      }),
    );
    return id;
  }

  register(object: object): number {
    const id = ++this.#lastId;
    this.#objects.set(id, object);
    return id;
  }

  releaseHeld(held: number): void {
    this.#post({ kind: "releaseHeld", held });
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
      case "abort":
        this.#controllers.get(message.signal)?.abort(this.#packing.unpack(message.reason));
        break;
      case "release":
        this.#release(message.target);
        break;
      case "releaseSignal":
        this.#controllers.delete(message.signal);
        break;
      case "end":
        process.exit();
    }
  }

  #settle({ id, outcome, value }: Extract<ToWorker, { kind: "settled" }>): void {
    const running = this.#running.get(id);
    this.#running.delete(id);
    if (outcome === "returned") running?.resolve(this.#packing.unpack(value));
    else running?.reject(this.#packing.unpack(value));
  }

  async #answer(request: Request): Promise<void> {
    const { id } = request;
    const settle = (outcome: "returned" | "thrown", value: unknown) =>
      this.#post({ kind: "settled", id, outcome, value: this.#packing.pack(value) });
    try {
      settle("returned", await this.#do(request));
    } catch (error) {
      settle("thrown", error);
    }
  }

  async #do(request: Request): Promise<unknown> {
    if (request.kind === "open") {
      return this.#open(this.#packing.unpack(request.options) as CodexOptions);
    }
    const object = this.#objects.get(request.target) as object;
    const member: unknown = Reflect.get(object, request.member);
    if (typeof member !== "function") return member;
    return member.apply(object, this.#packing.unpack(request.args) as unknown[]);
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
    Atomics.add(this.#bell, RUNG, 1);
    Atomics.notify(this.#bell, RUNG);
  }
}
