import type { MessagePort } from "node:worker_threads";
import type { Packed } from "./packing.ts";

/** What the worker is given when it is started. */
export interface WorkerStart {
  readonly port: MessagePort;
  /** Shared with the calling thread; see the indexes below. */
  readonly bell: Int32Array<SharedArrayBuffer>;
}

/** Where the worker counts its messages, and wakes who sleeps there. */
export const RUNG = 0;
/** Where the worker counts up for as long as it lives. */
export const BEAT = 1;
/** How often it does. In milliseconds. */
export const BEAT_MS = 5_000;

/** The client itself, among the objects of the worker that can be called. */
export const CODEX = 0;

/** What the calling thread tells the worker. */
export type ToWorker =
  /** Make the client and connect it. */
  | { readonly kind: "open"; readonly id: number; readonly options: Packed<CallerSpecial> }
  | {
      readonly kind: "call";
      readonly id: number;
      readonly target: number;
      readonly member: string;
      readonly args: Packed<CallerSpecial>;
    }
  /** What a function of the calling thread returned or threw. */
  | Settled<CallerSpecial>
  | Abort<CallerSpecial>
  /** The object, or the signal, is not used any more. An iterator is returned, a subscription ended. */
  | { readonly kind: "release"; readonly target: number }
  | { readonly kind: "releaseSignal"; readonly signal: number }
  /** The client is closed: end the thread. */
  | { readonly kind: "end" };

/** What the worker tells the calling thread. */
export type ToCaller =
  /** What a call came to. */
  | Settled<WorkerSpecial>
  /** Run a function that was handed over. */
  | {
      readonly kind: "run";
      readonly id: number;
      readonly held: number;
      readonly args: Packed<WorkerSpecial>;
    }
  | Abort<WorkerSpecial>
  /** Nobody can ask for this any more. */
  | { readonly kind: "releaseHeld"; readonly held: number }
  /** The worker can't go on. */
  | { readonly kind: "fatal"; readonly error: Packed<WorkerSpecial> };

export interface Settled<Special> {
  readonly kind: "settled";
  readonly id: number;
  readonly outcome: "returned" | "thrown";
  readonly value: Packed<Special>;
}

interface Abort<Special> {
  readonly kind: "abort";
  readonly signal: number;
  readonly reason: Packed<Special>;
}

/** What of the calling thread's can't be copied, and what stands for it in the worker. */
export type CallerSpecial =
  | { readonly type: "function"; readonly held: number }
  | { readonly type: "signal"; readonly signal: number }
  | {
      readonly type: "schema";
      readonly vendor: string;
      /** Its JSON Schema, or the error of making it; neither when the library makes none. */
      readonly json?: Packed<CallerSpecial>;
      readonly failure?: Packed<CallerSpecial>;
      readonly validate: number;
    }
  | {
      readonly type: "tool";
      readonly definition: Packed<CallerSpecial>;
      readonly execute: number;
    }
  | {
      readonly type: "endpoint";
      readonly maker: string;
      readonly args: Packed<CallerSpecial>;
    }
  /** A value that only the calling thread has; `error` when it is one. */
  | { readonly type: "held"; readonly held: number; readonly error?: HeldError };

export interface HeldError {
  readonly name: string;
  readonly message: string;
}

/** What of the worker's can't be copied, and what stands for it in the calling thread. */
export type WorkerSpecial =
  | {
      readonly type: "thread" | "turn" | "iterator" | "disposable";
      readonly target: number;
      /** Its plain members. */
      readonly fields: Readonly<Record<string, string>>;
    }
  | { readonly type: "result"; readonly fields: Packed<WorkerSpecial> }
  | { readonly type: "error"; readonly error: ErrorData }
  | { readonly type: "signal"; readonly signal: number }
  | { readonly type: "held"; readonly held: number };

export interface ErrorData {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly cause: Packed<WorkerSpecial> | undefined;
  readonly fields: Packed<WorkerSpecial>;
}
