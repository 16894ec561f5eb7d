import { Thread } from "../client/thread.ts";
import { Turn } from "../client/turn.ts";
import type { StandardSchema } from "../input/schema.ts";
import { type ToolDefinition, tool } from "../input/tool.ts";
import { proxy } from "../transport/proxy.ts";
import type { EndpointRecipe } from "../transport/transport.ts";
import { unixSocket } from "../transport/unix-socket.ts";
import { websocket } from "../transport/websocket.ts";
import { TurnResult } from "../turn/result.ts";
import { errorToData } from "./error-data.ts";
import type { CallerSpecial, HeldError, WorkerSpecial } from "./messages.ts";
import { type Packed, pack, unpack } from "./packing.ts";

/** How deep in a result or in arguments anything stands that is no data: `[params, { signal }]`. */
const DEPTH = 2;

const MAKERS: { readonly [Name in EndpointRecipe["maker"]]: (...args: never[]) => unknown } = {
  websocket,
  unixSocket,
  proxy,
};

/** A value of the calling thread's, to be handed back to it. */
class Held {
  readonly held: number;

  constructor(held: number) {
    this.held = held;
  }
}

/** What the packing asks of the worker. */
export interface Workplace {
  /** Has the calling thread run a function that it handed over. */
  run(held: number, args: readonly unknown[]): Promise<unknown>;
  /** The calling thread's signal. */
  callerSignal(signal: number): AbortSignal;
  /** Lets the calling thread hear of a signal's abort; gives the signal's number. */
  follow(signal: AbortSignal): number;
  /** Gives an object a number by which it can be called. */
  register(object: object): number;
  releaseHeld(held: number): void;
}

export class WorkerPacking {
  readonly #workplace: Workplace;
  readonly #heldErrors = new WeakMap<Error, number>();
  readonly #collected = new FinalizationRegistry<number>((held) =>
    this.#workplace.releaseHeld(held),
  );

  constructor(workplace: Workplace) {
    this.#workplace = workplace;
  }

  pack(value: unknown): Packed<WorkerSpecial> {
    return pack<WorkerSpecial>(value, (one) => this.#toSpecial(one), DEPTH);
  }

  unpack(packed: Packed<CallerSpecial>): unknown {
    return unpack(packed, (special) => this.#fromSpecial(special));
  }

  #toSpecial(value: unknown): WorkerSpecial | undefined {
    if (value instanceof Held) return { type: "held", held: value.held };
    if (value instanceof Error) return this.#errorSpecial(value);
    if (value instanceof TurnResult) return { type: "result", fields: this.pack({ ...value }) };
    if (value instanceof AbortSignal) {
      return { type: "signal", signal: this.#workplace.follow(value) };
    }
    if (value instanceof Thread) return this.#object("thread", value, { id: value.id });
    if (value instanceof Turn) {
      return this.#object("turn", value, { id: value.id, threadId: value.threadId });
    }
    if (typeof value !== "object" || value === null) return undefined;
    if (Symbol.asyncIterator in value) return this.#object("iterator", value, {});
    return Symbol.dispose in value ? this.#object("disposable", value, {}) : undefined;
  }

  #object(
    type: "thread" | "turn" | "iterator" | "disposable",
    object: object,
    fields: Readonly<Record<string, string>>,
  ): WorkerSpecial {
    return { type, target: this.#workplace.register(object), fields };
  }

  #errorSpecial(error: Error): WorkerSpecial {
    const held = this.#heldErrors.get(error);
    if (held !== undefined) return { type: "held", held };
    return { type: "error", error: errorToData(error, (inner) => this.pack(inner)) };
  }

  #fromSpecial(special: CallerSpecial): unknown {
    switch (special.type) {
      case "function":
        return this.#function(special.held);
      case "signal":
        return this.#workplace.callerSignal(special.signal);
      case "schema":
        return this.#schema(special);
      case "tool": {
        const definition = this.unpack(special.definition) as ToolDefinition<StandardSchema>;
        return tool({ ...definition, execute: this.#function(special.execute) });
      }
      case "endpoint": {
        const make = MAKERS[special.maker as EndpointRecipe["maker"]];
        return make(...(this.unpack(special.args) as never[]));
      }
      case "held":
        return this.#held(special.held, special.error);
    }
  }

  #function(held: number): (...args: unknown[]) => Promise<never> {
    const run = (...args: unknown[]) => {
      const running = this.#workplace.run(held, args);
      // Who calls a listener does not look at what comes of it.
      running.catch(() => {});
      return running as Promise<never>;
    };
    this.#collected.register(run, held);
    return run;
  }

  /** Tells its JSON Schema here and validates in the calling thread. */
  #schema(special: Extract<CallerSpecial, { type: "schema" }>): StandardSchema {
    const { vendor, json, failure } = special;
    const input = () => {
      if (failure) throw this.unpack(failure);
      return this.unpack(json as Packed<CallerSpecial>);
    };
    const jsonSchema = json || failure ? { input, output: input } : undefined;
    const validate = this.#function(special.validate);
    return { "~standard": { version: 1, vendor, validate, jsonSchema } } as StandardSchema;
  }

  #held(held: number, error: HeldError | undefined): unknown {
    const stub = error ? Object.assign(new Error(error.message), { name: error.name }) : undefined;
    if (stub) this.#heldErrors.set(stub, held);
    const value = stub ?? new Held(held);
    this.#collected.register(value, held);
    return value;
  }
}
