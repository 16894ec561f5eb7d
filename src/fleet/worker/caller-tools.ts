import { randomUUID } from "node:crypto";
import type { Tool, ToolContext } from "../../input/tool.ts";
import { toolFailure } from "../../input/tool-result.ts";
import type {
  DynamicToolCallResponse,
  DynamicToolFunctionSpec,
  JsonValue,
} from "../../protocol/index.ts";
import { onAbort } from "../../util/abort.ts";
import { type Deferred, deferred } from "../../util/deferred.ts";
import type { FleetRedis } from "../redis/connection.ts";
import { callerKey, type Keys } from "../redis/keys.ts";
import type { TurnRequests } from "./turn-requests.ts";

/** How often to check whether the process that has the tool is still running. */
const CHECK_MS = 5_000;

/** Calls of tools that run in the process that submitted the turn. */
export class CallerTools {
  readonly #redis: FleetRedis;
  readonly #keys: Keys;
  readonly #caller: string | undefined;
  readonly #names: ReadonlySet<string>;
  readonly #requests: TurnRequests;
  readonly #calls = new Map<string, Deferred<DynamicToolCallResponse>>();

  constructor(
    { redis, keys }: { redis: FleetRedis; keys: Keys },
    { caller, tools }: { caller: string | undefined; tools: readonly DynamicToolFunctionSpec[] },
    requests: TurnRequests,
  ) {
    this.#redis = redis;
    this.#keys = keys;
    this.#caller = caller;
    this.#names = new Set(tools.map(({ name }) => name));
    this.#requests = requests;
  }

  async call(
    tool: string,
    args: JsonValue,
    context: ToolContext,
  ): Promise<DynamicToolCallResponse> {
    const caller = this.#caller;
    if (caller === undefined || !this.#names.has(tool)) {
      return toolFailure(`Tool ${tool} isn't available in this turn`);
    }
    const id = `tool-${randomUUID()}`;
    const call = deferred<DynamicToolCallResponse>();
    this.#calls.set(id, call);
    const { threadId, turnId } = context;
    const fail = (why: string) => call.resolve(toolFailure(`Tool ${tool} failed: ${why}`));
    const stop = onAbort(context.signal, () => fail("the turn was stopped"));
    const timer = setInterval(() => {
      this.#check(caller, fail).catch(() => {});
    }, CHECK_MS);
    try {
      await this.#check(caller, fail);
      const waiting = { callId: id, caller, tool, arguments: args, threadId, turnId };
      await this.#requests.put(id, { type: "toolCall", ...waiting });
      return await call.promise;
    } finally {
      stop();
      clearInterval(timer);
      this.#calls.delete(id);
      await this.#requests.hide(id);
    }
  }

  /** Settles a call with its result, as the submitting process sent it. */
  settle(id: string, result: unknown): void {
    this.#calls.get(id)?.resolve(result as DynamicToolCallResponse);
  }

  async #check(caller: string, fail: (why: string) => void): Promise<void> {
    const isThere = await this.#redis.client.exists(callerKey(this.#keys, caller));
    if (isThere === 0) fail("the process that runs it has exited");
  }
}

/** A tool whose calls go wherever `call` sends them. */
export function remoteTool(
  spec: DynamicToolFunctionSpec,
  call: (args: JsonValue, context: ToolContext) => Promise<DynamicToolCallResponse>,
): Tool {
  return { spec, call: (args, context) => call(args, context) };
}
