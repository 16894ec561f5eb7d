import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  SHARE_ENV,
  Worker,
} from "node:worker_threads";
import { type CodexError, LaunchError, TransportClosedError } from "../errors/errors.ts";
import { messageOf } from "../util/describe.ts";
import { InterruptibleWait } from "./interruptible-wait.ts";
import {
  HEARTBEATS,
  type LoadError,
  MESSAGES,
  type ToCaller,
  type ToWorker,
  type WorkerStart,
} from "./messages.ts";
import { WORKER_BOOTSTRAP } from "./worker-bootstrap.ts";

/** The reason why no more calls can be made. */
export interface WorkerEnd {
  /** Creates the error for each call from now on. */
  error(): CodexError;
  /** Whether the worker failed, and wasn't ended by its client. */
  readonly failed: boolean;
}

/** A message of the worker that isn't about its own start or end. */
export type WorkerMessage = Exclude<ToCaller, { kind: "loadFailed" | "exited" }>;

const ADVICE =
  "If this program is bundled, mark codex-app-server as external (Next.js: serverExternalPackages), " +
  "because the worker is a separate file";

/** How long the worker can be silent before it counts as dead, in waits of half a second. */
const MAX_SILENT_WAITS = 60;

/**
 * The worker thread, as the calling thread sees it. Every wait ends soon after the worker does, no
 * matter how: the worker reports the cause if it can, and otherwise the state of its port shows
 * that it ended.
 */
export class WorkerThread {
  readonly #port: MessagePort;
  readonly #counters: Int32Array;
  readonly #wait: InterruptibleWait;
  #onEnd = () => {};
  #end: WorkerEnd | undefined;
  #hasServed = false;
  #isLost = false;
  #reportsDelivery = false;
  #heartbeat = 0;
  #silentWaits = 0;

  /**
   * @param moduleUrl The module that exports `serveCalls`.
   * @throws LaunchError when no worker thread can be started.
   */
  constructor(moduleUrl: () => string) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#counters = new Int32Array(new SharedArrayBuffer(8));
    this.#wait = new InterruptibleWait(this.#counters);
    try {
      this.#start({ port: port2, counters: this.#counters, moduleUrl: moduleUrl() });
    } catch (cause) {
      port1.close();
      throw launchError(cause);
    }
  }

  #start(start: WorkerStart): void {
    const worker = new Worker(WORKER_BOOTSTRAP, {
      eval: true,
      name: "codex-app-server",
      workerData: start,
      transferList: [start.port],
      env: SHARE_ENV,
      // The program's module loaders could need the blocked thread.
      execArgv: [],
    });
    worker.unref();
    // These arrive only while the calling thread's event loop runs.
    worker.on("error", (cause) => this.fail(cause));
    worker.on("exit", (code) => this.#exited(code));
  }

  /** Calls `listener` once, when no more calls can be made. */
  onEnd(listener: () => void): void {
    this.#onEnd = listener;
  }

  /** The reason why no more calls can be made; undefined while the worker is running. */
  get end(): WorkerEnd | undefined {
    if (this.#isLost) this.fail(new Error("it was terminated or ran out of memory"));
    return this.#end;
  }

  /** How many messages the worker has posted: read it before `receive`, then pass it to `wait`. */
  get messageCount(): number {
    return Atomics.load(this.#counters, MESSAGES);
  }

  /** @throws DataCloneError for a message that can't be copied. */
  post(message: ToWorker): void {
    if (this.#end) return;
    // Node returns true while the other end of the port exists. This isn't documented: if the
    // result is always undefined, only the heartbeat counts.
    const isDelivered = (this.#port.postMessage(message) as unknown) === true;
    if (isDelivered) this.#reportsDelivery = true;
    else if (this.#reportsDelivery) this.#isLost = true;
  }

  /** The next message, if there is one. */
  receive(): WorkerMessage | undefined {
    for (;;) {
      const received: { message: ToCaller } | undefined = receiveMessageOnPort(this.#port);
      if (received === undefined) return undefined;
      const { message } = received;
      if (message.kind === "exited") this.#exited(message.code);
      else if (message.kind === "loadFailed") this.#loadFailed(message.error);
      else {
        this.#hasServed = true;
        return message;
      }
    }
  }

  /**
   * Waits until the worker has posted more than `seen` messages, or has ended.
   * @throws InterruptedError on Ctrl-C.
   */
  wait(seen: number): void {
    if (this.#isLost || this.#wait.briefly(seen)) return;
    this.#wait.interruptibly(seen, () => this.#isAlive());
  }

  /** Records that the worker has failed. Only the first cause is kept. */
  fail(cause: unknown): void {
    const message = `The client's worker thread ended unexpectedly: ${messageOf(cause)}`;
    const error = this.#hasServed
      ? () => new TransportClosedError(message, { cause })
      : () => launchError(cause);
    this.#endWith({ failed: true, error });
  }

  /** Terminates the worker. Later calls fail with this message. */
  stop(message: string): void {
    this.post({ kind: "end" });
    this.#endWith({ failed: false, error: () => new TransportClosedError(message) });
    this.#port.close();
  }

  #endWith(end: WorkerEnd): void {
    if (this.#end) return;
    this.#end = end;
    this.#onEnd();
  }

  #exited(code: number): void {
    this.fail(new Error(`it exited with code ${code}`));
  }

  #loadFailed({ name, message, stack, code }: LoadError): void {
    const cause = Object.assign(new Error(message), { name, stack });
    if (code !== undefined) Object.assign(cause, { code });
    this.fail(cause);
  }

  #isAlive(): boolean {
    this.post({ kind: "ping" });
    const heartbeat = Atomics.load(this.#counters, HEARTBEATS);
    this.#silentWaits = heartbeat === this.#heartbeat ? this.#silentWaits + 1 : 0;
    this.#heartbeat = heartbeat;
    if (this.#silentWaits > MAX_SILENT_WAITS) this.fail(new Error("it doesn't respond"));
    return !this.#isLost && !this.#end;
  }
}

/** The worker's module, beside this one in the package. */
export function workerModuleUrl(): string {
  const url: string | undefined = import.meta.url;
  if (!url) throw new Error("the path of the worker's module can't be determined");
  return new URL("worker.js", url).href;
}

function launchError(cause: unknown): LaunchError {
  const why = messageOf(cause).replace(/\.$/, "");
  const message = `CodexSync couldn't start its worker thread: ${why}. ${ADVICE}`;
  return new LaunchError(message, { cause });
}
