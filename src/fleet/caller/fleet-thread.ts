import type { TurnInput, TurnOutput } from "../../client/turn-params.ts";
import type { Schema } from "../../input/schema.ts";
import { either } from "../../util/abort.ts";
import { threadKey } from "../redis/keys.ts";
import type { FleetContext } from "./context.ts";
import { FleetTimeline } from "./fleet-timeline.ts";
import { type FleetTimelineOptions, FleetTurn } from "./fleet-turn.ts";
import type { FleetRunOptions } from "./options.ts";
import { type Shown, shownThread } from "./read-shown.ts";
import { waitLimit } from "./wait.ts";

/** Options of `FleetThread.run()`: those of `Fleet.run()`, except `thread` and `tenant`. */
export type FleetThreadRunOptions<S extends Schema | undefined = undefined> = Omit<
  FleetRunOptions<S>,
  "thread" | "tenant"
>;

/** Submits a turn to the fleet that the thread belongs to. */
export type SubmitTurn = <const S extends Schema | undefined = undefined>(
  input: TurnInput,
  options: FleetRunOptions<S>,
) => Promise<FleetTurn<TurnOutput<S>>>;

/** A thread of a fleet, wherever its turns run. */
export class FleetThread {
  /** The thread's name. */
  readonly name: string;
  readonly tenant: string;
  readonly #context: FleetContext;
  readonly #submit: SubmitTurn;

  /**
   * Created by `Fleet.thread`.
   * @internal
   */
  constructor(
    context: FleetContext,
    { name, tenant }: { readonly name: string; readonly tenant: string },
    submit: SubmitTurn,
  ) {
    this.name = name;
    this.tenant = tenant;
    this.#context = context;
    this.#submit = submit;
  }

  /** Submits a turn, as `fleet.run()` does. */
  run<const S extends Schema | undefined = undefined>(
    input: TurnInput,
    options: FleetThreadRunOptions<S> = {},
  ): Promise<FleetTurn<TurnOutput<S>>> {
    const { name: thread, tenant } = this;
    return this.#submit<S>(input, { ...options, thread, tenant } as FleetRunOptions<S>);
  }

  /** Lists the thread's turns in order: queued, running, and ended ones that are still stored. */
  async turns(): Promise<FleetTurn[]> {
    const { redis, keys } = this.#context;
    const ids = await redis.client.zrange(keys.turns(this.#key), "0", "-1");
    const kept = await Promise.all(ids.map((id) => redis.client.exists(keys.turn(id))));
    return ids
      .filter((_, index) => kept[index] === 1)
      .map((id) => new FleetTurn(this.#context, id, { key: this.#key }));
  }

  /**
   * Returns the thread in a form that is ready to render, kept up to date until you close it: all turns whose
   * events are still stored, and turns that any process submits later. It is empty at first.
   *
   * @example
   * const fleet = new Fleet({ connection: "redis://127.0.0.1:6379" });
   * using timeline = fleet.thread("issue-42", { tenant: "ada" }).timeline();
   * timeline.subscribe(() => console.log(timeline.snapshot.turns.at(-1)));
   */
  timeline(options: FleetTimelineOptions = {}): FleetTimeline {
    const { schedule, ...wait } = options;
    const limit = waitLimit(`thread ${this.name}`, this.#context.closed, wait);
    return FleetTimeline.ofThread((signal) => this.#shown(limit, signal), { schedule });
  }

  async *#shown(
    limit: { readonly signal: AbortSignal } & Disposable,
    left: AbortSignal,
  ): AsyncGenerator<Shown, undefined> {
    using own = limit;
    using both = either(own.signal, left);
    return yield* shownThread(this.#context, this.#key, both.signal);
  }

  get #key(): string {
    return threadKey(this.tenant, this.name);
  }
}
