import { ExecCommand } from "../client/exec.ts";
import { FileWatch } from "../client/namespaces/files.ts";
import { Login } from "../client/namespaces/login.ts";
import { servedEndpoint } from "../client/served-endpoint.ts";
import { Thread } from "../client/thread.ts";
import { ThreadTimeline } from "../client/thread-timeline.ts";
import { Turn } from "../client/turn.ts";
import type { StandardSchema } from "../input/schema.ts";
import { type ToolDefinition, tool } from "../input/tool.ts";
import { PendingRequest } from "../session/pending-request.ts";
import { proxy } from "../transport/proxy.ts";
import type { EndpointRecipe } from "../transport/transport.ts";
import { unixSocket } from "../transport/unix-socket.ts";
import { websocket } from "../transport/websocket.ts";
import { TurnResult } from "../turn/result.ts";
import { errorToData } from "./error-data.ts";
import type {
  CallerReference,
  ErrorData,
  ErrorSummary,
  ObjectReference,
  WorkerReference,
} from "./messages.ts";
import { isTooDeep } from "./nesting.ts";
import { type Packed, pack, unpack } from "./packing.ts";

/** The depth of objects and signals in a result or in arguments: `[params, { signal }]`. */
const DEPTH = 2;

const MAKERS: { readonly [Name in EndpointRecipe["maker"]]: (...args: never[]) => unknown } = {
  websocket,
  unixSocket,
  proxy,
  served: servedEndpoint,
};

/** Classes whose objects stay in the worker, and whose methods the calling thread calls. */
const HANDLES = [ExecCommand, FileWatch, Login] as const;

/** The parts of the worker that its packing uses. */
export interface PackingHost {
  /** Makes the calling thread run one of its functions. */
  run(handle: number, args: readonly unknown[]): Promise<unknown>;
  /** The mirror of the calling thread's signal with this number. */
  callerSignal(signal: number): AbortSignal;
  /** Adds an object. Returns the number with which it can be called. */
  register(object: object): number;
  /** Called when the last reference to a value of the calling thread was released. */
  releaseHandle(handle: number): void;
}

/** Packs and unpacks in the worker. */
export class WorkerPacking {
  readonly #host: PackingHost;
  /** The representations of the calling thread's values, which only that thread can use. */
  readonly #handlesOfErrors = new WeakMap<Error, number>();
  readonly #collected = new FinalizationRegistry<number>((handle) =>
    this.#host.releaseHandle(handle),
  );
  /** The errors that contain the one being packed: a cause can refer back to one of them. */
  readonly #outerErrors = new Set<Error>();

  constructor(host: PackingHost) {
    this.#host = host;
  }

  /**
   * `numberOf` returns the number of a signal; without it signals can't be sent.
   * @throws TypeError for a value that is nested too deeply.
   */
  pack(value: unknown, numberOf?: (signal: AbortSignal) => number): Packed<WorkerReference> {
    const packed = pack<WorkerReference>(value, (one) => this.#toReference(one, numberOf), {
      depth: DEPTH,
    });
    if (isTooDeep(packed.value)) throw new TypeError("it is nested too deeply");
    return packed;
  }

  unpack(packed: Packed<CallerReference>): unknown {
    return unpack(packed, (reference) => this.#fromReference(reference));
  }

  #toReference(
    value: object,
    numberOf: ((signal: AbortSignal) => number) | undefined,
  ): WorkerReference | undefined {
    if (value instanceof Error) return this.#errorReference(value);
    if (Buffer.isBuffer(value)) return { type: "buffer", bytes: value };
    if (value instanceof TurnResult) return { type: "result", fields: this.pack({ ...value }) };
    if (value instanceof AbortSignal)
      return numberOf && { type: "signal", signal: numberOf(value) };
    if (value instanceof Thread) return this.#object("thread", value, { id: value.id });
    if (value instanceof Turn) {
      return this.#object("turn", value, { id: value.id, threadId: value.threadId });
    }
    if (value instanceof ThreadTimeline) {
      return this.#object("timeline", value, { threadId: value.threadId });
    }
    if (value instanceof PendingRequest) {
      return this.#object("request", value, { data: JSON.stringify(value) });
    }
    if (HANDLES.some((one) => value instanceof one)) {
      return this.#object("object", value, textsOf(value));
    }
    if (Symbol.asyncIterator in value) return this.#object("iterator", value, {});
    return Symbol.dispose in value ? this.#object("disposable", value, {}) : undefined;
  }

  #object(
    type: ObjectReference["type"],
    object: object,
    fields: Readonly<Record<string, string>>,
  ): ObjectReference {
    return { type, target: this.#host.register(object), fields };
  }

  #errorReference(error: Error): WorkerReference {
    const handle = this.#handlesOfErrors.get(error);
    return handle === undefined
      ? { type: "error", error: this.#errorData(error) }
      : { type: "handle", handle };
  }

  #errorData(error: Error): ErrorData {
    if (this.#outerErrors.has(error)) {
      const { name, message } = error;
      return errorToData(Object.assign(new Error(message), { name }), (value) => this.pack(value));
    }
    this.#outerErrors.add(error);
    try {
      return errorToData(error, (value) => this.pack(value));
    } finally {
      this.#outerErrors.delete(error);
    }
  }

  #fromReference(reference: CallerReference): unknown {
    switch (reference.type) {
      case "function":
        return this.#function(reference.handle);
      case "signal":
        return this.#host.callerSignal(reference.signal);
      case "schema":
        return this.#schema(reference);
      case "tool": {
        const definition = this.unpack(reference.definition) as ToolDefinition<StandardSchema>;
        return tool({ ...definition, execute: this.#function(reference.execute) });
      }
      case "endpoint": {
        const make = MAKERS[reference.maker as EndpointRecipe["maker"]];
        return make(...(this.unpack(reference.args) as never[]));
      }
      case "instance":
        return this.#instance(reference);
      case "handle":
        return this.#callerValue(reference.handle, reference.error);
    }
  }

  #function(handle: number): (...args: unknown[]) => Promise<never> {
    const run = (...args: unknown[]) => {
      const running = this.#host.run(handle, args);
      // The caller of a listener ignores its result.
      running.catch(() => {});
      return running as Promise<never>;
    };
    this.#collected.register(run, handle);
    return run;
  }

  /** A schema that returns its JSON Schema here, and validates in the calling thread. */
  #schema(reference: Extract<CallerReference, { type: "schema" }>): StandardSchema {
    const { vendor, json, failure } = reference;
    const error = failure && this.unpack(failure);
    const input = () => {
      if (failure) throw error;
      return structuredClone(json?.value);
    };
    const jsonSchema = json || failure ? { input, output: input } : undefined;
    const validate = this.#function(reference.validate);
    return { "~standard": { version: 1, vendor, validate, jsonSchema } } as StandardSchema;
  }

  /** An object that looks like the original to validation and JSON. */
  #instance(reference: Extract<CallerReference, { type: "instance" }>): object {
    const { className, fields, json } = reference;
    const members: Record<string, unknown> = { constructor: { name: className } };
    if (json) {
      const value = this.unpack(json);
      members.toJSON = () => value;
    }
    return Object.assign(Object.create(members), this.unpack(fields));
  }

  #callerValue(handle: number, { name, message }: ErrorSummary): Error {
    const stub = Object.assign(new Error(message), { name });
    this.#handlesOfErrors.set(stub, handle);
    this.#collected.register(stub, handle);
    return stub;
  }
}

function textsOf(object: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => typeof value === "string"),
  );
}
