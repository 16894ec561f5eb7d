import { randomUUID } from "node:crypto";
import type { Tool, ToolContext } from "../../input/tool.ts";
import { toolFailure } from "../../input/tool-result.ts";
import type { JsonValue } from "../../protocol/index.ts";
import { messageOf } from "../../util/describe.ts";
import { callerKey } from "../redis/keys.ts";
import type { WaitingRequest } from "../wire.ts";
import { sendCommand } from "./commands.ts";
import type { FleetContext } from "./context.ts";
import { endingOf } from "./read-turn.ts";
import { waitingRequest } from "./waiting-request.ts";

/** How long workers assume that this process is running after it last reported. */
const ALIVE_MS = 30_000;
const RECHECK_MS = 3_000;

interface TurnTools {
  readonly tools: ReadonlyMap<string, Tool>;
  /** Calls that were started. Each stays listed until the worker has the result. */
  readonly started: Set<string>;
}

/** Runs the tools of this process that turns on other machines call. */
export class ToolCalls {
  readonly caller: string = randomUUID();
  readonly #context: FleetContext;
  /** The tools of the turns that this process has submitted and that haven't ended. */
  readonly #turns = new Map<string, TurnTools>();
  #heart: NodeJS.Timeout | undefined;
  #subscription: Disposable | undefined;

  constructor(context: FleetContext) {
    this.#context = context;
    context.closed.addEventListener("abort", () => this.#stop(), { once: true });
  }

  /** Adds the tools of a turn. Must be called before the turn is submitted. */
  async add(turn: string, tools: readonly Tool[]): Promise<void> {
    const byName = new Map(tools.map((tool) => [tool.spec.name, tool]));
    this.#turns.set(turn, { tools: byName, started: new Set() });
    await this.#live();
    endingOf(this.#context, { turn }, this.#context.closed)
      .catch(() => {})
      .then(() => {
        this.#turns.delete(turn);
        if (this.#turns.size === 0) this.#stop();
      });
  }

  async #live(): Promise<void> {
    const { redis, keys, channels } = this.#context;
    const beat = () => redis.client.set(callerKey(keys, this.caller), "1", "PX", ALIVE_MS);
    await beat();
    if (this.#heart) return;
    this.#heart = setInterval(() => {
      beat().catch(() => {});
      for (const turn of this.#turns.keys()) void this.#look(turn);
    }, RECHECK_MS);
    this.#subscription = channels.add(keys.requestsChannel, (turn) => {
      for (const one of turn === "" ? this.#turns.keys() : [turn]) void this.#look(one);
    });
  }

  #stop(): void {
    if (!this.#heart) return;
    // Otherwise, calls that are waiting for this process would wait until the key expires.
    const { redis, keys } = this.#context;
    redis.client.del(callerKey(keys, this.caller)).catch(() => {});
    clearInterval(this.#heart);
    this.#heart = undefined;
    this.#subscription?.[Symbol.dispose]();
    this.#subscription = undefined;
  }

  async #look(turn: string): Promise<void> {
    const known = this.#turns.get(turn);
    if (!known) return;
    const { tools, started } = known;
    const { redis, keys } = this.#context;
    const [waiting, key] = await Promise.all([
      redis.client.hgetall(keys.requests(turn)),
      redis.client.hget(keys.turn(turn), "thread"),
    ]).catch(() => [{}, null] as const);
    for (const text of Object.values(waiting)) {
      const call = waitingRequest(this.#context, { turn, key: key ?? "" }, text);
      if (call?.type !== "toolCall" || call.caller !== this.caller) continue;
      if (started.has(call.callId)) continue;
      started.add(call.callId);
      void this.#run(turn, tools.get(call.tool), call);
    }
  }

  async #run(
    turn: string,
    tool: Tool | undefined,
    call: WaitingRequest & { readonly type: "toolCall" },
  ): Promise<void> {
    if (!tool) return;
    const { threadId, turnId, callId } = call;
    const signal = this.#context.closed;
    const context = { threadId, turnId, callId, signal };
    const result = await resultOf(tool, call.arguments as JsonValue, context);
    const send = () =>
      sendCommand(this.#context, { turn }, { type: "toolResult", callId, result }, {});
    // Without its result, the turn would wait forever.
    await this.#context.redis.persist(send).catch(() => {});
  }
}

/** The result of a call. Never rejects: the model receives the reason for a failure. */
async function resultOf(tool: Tool, args: JsonValue, context: ToolContext) {
  try {
    return await tool.call(args, context);
  } catch (error) {
    return toolFailure(`Tool ${tool.spec.name} failed: ${messageOf(error)}`);
  }
}
