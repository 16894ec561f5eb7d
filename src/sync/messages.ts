import type { MessagePort } from "node:worker_threads";
import type { Packed } from "./packing.ts";

/** What the worker thread receives when it starts. */
export interface WorkerStart {
  readonly port: MessagePort;
  /** Shared by both threads; the indexes are below. */
  readonly counters: Int32Array;
  /** The module that exports `serveCalls`. */
  readonly moduleUrl: string;
}

/** Counts the worker's messages. A calling thread that waits is notified of each. */
export const MESSAGES = 0;
/** Counts the worker's heartbeats. */
export const HEARTBEATS = 1;
/** The pause between two heartbeats, in milliseconds. */
export const HEARTBEAT_MS = 5_000;

/** The client's own number among the worker's objects. */
export const CODEX = 0;

/** In a member's path, stands for the method that returns an asynchronous iterator. */
export const ASYNC_ITERATOR = "@@asyncIterator";

/** A message from the calling thread to the worker. */
export type ToWorker =
  /** Create the client and connect it. */
  | { readonly kind: "open"; readonly id: number; readonly options: Packed<CallerReference> }
  | Call
  /** The outcome of a function that ran in the calling thread. */
  | Settled<CallerReference>
  | Abort<CallerReference>
  /** The user pressed Ctrl-C during this call. */
  | { readonly kind: "abortCall"; readonly id: number }
  /** The object is no longer used. Iterators are closed, subscriptions end. */
  | { readonly kind: "release"; readonly target: number }
  /** The signal is no longer used. */
  | { readonly kind: "releaseSignal"; readonly signal: number }
  /** Needs no answer: posting this message shows whether the worker still exists. */
  | { readonly kind: "ping" }
  /** The client is closed: end the thread. */
  | { readonly kind: "end" };

export interface Call {
  readonly kind: "call";
  readonly id: number;
  readonly target: number;
  readonly member: string;
  readonly args: Packed<CallerReference>;
  /** Whether the last argument is an options object, whose signal `abortCall` also aborts. */
  readonly abortable: boolean;
}

/** A message from the worker to the calling thread. */
export type ToCaller =
  /** The outcome of a call. */
  | Settled<WorkerReference>
  | Run
  | Abort<WorkerReference>
  /** The worker has dropped its last reference to this value of the calling thread. */
  | { readonly kind: "releaseHandle"; readonly handle: number }
  /** The worker ends because of this error. */
  | { readonly kind: "failed"; readonly error: Packed<WorkerReference> }
  /** The worker's module could not be loaded. */
  | { readonly kind: "loadFailed"; readonly error: LoadError }
  /** The worker thread exits. */
  | { readonly kind: "exited"; readonly code: number };

/** A request to run a function of the calling thread. */
export interface Run {
  readonly kind: "run";
  readonly id: number;
  readonly handle: number;
  readonly args: Packed<WorkerReference>;
}

export interface Settled<Reference> {
  readonly kind: "settled";
  readonly id: number;
  readonly outcome: "returned" | "thrown";
  readonly value: Packed<Reference>;
}

export interface Abort<Reference> {
  readonly kind: "abort";
  readonly signal: number;
  readonly reason: Packed<Reference>;
}

export interface LoadError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly code: string | undefined;
}

/** Represents a value of the calling thread that can't be copied. */
export type CallerReference =
  | { readonly type: "function"; readonly handle: number }
  | { readonly type: "signal"; readonly signal: number }
  | {
      readonly type: "schema";
      readonly vendor: string;
      /**
       * Its JSON Schema, or the error thrown while creating it; neither if the library doesn't
       * create one.
       */
      readonly json?: Packed<CallerReference>;
      readonly failure?: Packed<CallerReference>;
      readonly validate: number;
    }
  | {
      readonly type: "tool";
      readonly definition: Packed<CallerReference>;
      readonly execute: number;
    }
  | {
      readonly type: "endpoint";
      readonly maker: string;
      readonly args: Packed<CallerReference>;
    }
  | {
      /** An instance of a class: its own members, and the result of its `toJSON` if it has one. */
      readonly type: "instance";
      readonly className: string;
      readonly fields: Packed<CallerReference>;
      readonly json?: Packed<CallerReference>;
    }
  /** Any other value. In the worker, an error stands for it, because it may have been thrown. */
  | { readonly type: "handle"; readonly handle: number; readonly error: ErrorSummary };

export interface ErrorSummary {
  readonly name: string;
  readonly message: string;
}

/** Represents a value of the worker that can't be copied. */
export type WorkerReference =
  | ObjectReference
  | { readonly type: "buffer"; readonly bytes: Uint8Array }
  | { readonly type: "result"; readonly fields: Packed<WorkerReference> }
  | { readonly type: "error"; readonly error: ErrorData }
  | { readonly type: "signal"; readonly signal: number }
  | { readonly type: "handle"; readonly handle: number };

/** Represents an object of the worker whose methods the calling thread calls. */
export interface ObjectReference {
  readonly type: "thread" | "turn" | "timeline" | "request" | "object" | "iterator" | "disposable";
  readonly target: number;
  /** The members of the object that are strings. */
  readonly fields: Readonly<Record<string, string>>;
}

export interface ErrorData {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly cause: Packed<WorkerReference> | undefined;
  readonly isDomException: boolean;
  /** The error's other own members, enumerable or not. */
  readonly fields: Packed<WorkerReference>;
  readonly hidden: Packed<WorkerReference>;
}
