import type { Codex } from "../../src/index.ts";
import { type CodexOptions, type Tool, tool } from "../../src/index.ts";
import { AskedUser } from "./asked-user.ts";
import type { MisbehavingServer } from "./misbehaving-server.ts";
import { oddValue } from "./odd-values.ts";
import type { ApprovalKind, Decision, Policy } from "./policy.ts";
import type { Random } from "./random.ts";
import { MAX_LENGTH } from "./wire.ts";

interface Parts {
  readonly random: Random;
  readonly server: MisbehavingServer;
  readonly client: () => Codex;
}

/** How a command can be accepted; older servers use other names. */
const ACCEPTS = [
  "accept",
  { acceptWithExecpolicyAmendment: { execpolicy_amendment: ["echo"] } },
] as const;

interface Context {
  readonly signal: AbortSignal;
  readonly item: { readonly id: string } | undefined;
}

interface Params {
  readonly askId?: number;
  readonly itemId?: string | null;
  readonly threadId?: string;
}

type Given = Pick<CodexOptions, "approvals" | "handlers">;

/**
 * Handlers as users write them: correct ones, and some that throw, hang, return nonsense or use the
 * client.
 */
export function seededHandlers(parts: Parts): Given {
  const { random, server } = parts;
  const decided: Policy["decided"] = new Map();
  const user = new AskedUser(parts, decided);
  const asksUser = random.chance(0.6);
  const rule = (decision: Decision) => (params: unknown, context: unknown) =>
    asksUser && random.chance(0.5)
      ? user.ask()
      : (decide(
          parts,
          decided,
          decision,
          params as Params,
          context as Context,
        ) as Promise<Decision>);
  const any = (params: unknown, context: unknown) =>
    behave(parts, params as Params, context as Context, {}) as Promise<never>;
  const rules = { command: rule("accept"), fileChange: rule("decline"), mcpTool: rule("decline") };
  const approvals = random.pick([undefined, "accept", "decline", "ask", rules, rules] as const);
  const accepts = async () => ({ action: "accept" as const, content: null, _meta: null });
  if (approvals === "ask") server.clock.after(0, () => user.ask());
  server.policy = {
    mayAsk: approvals === "ask" || (approvals === rules && asksUser),
    decided,
    called: new Set(),
    of: (kind: ApprovalKind) => {
      if (approvals === "ask") return "rule";
      if (typeof approvals === "string") return approvals;
      return approvals && kind in approvals ? "rule" : "decline";
    },
  };
  return {
    approvals,
    handlers: {
      ...(random.chance(0.5) && { "*": any }),
      ...(random.chance(0.5) && { "item/tool/requestUserInput": any }),
      ...(random.chance(0.2) && { "currentTime/read": any }),
      // Such a handler answers questions to the user, and never decides approvals.
      ...(random.chance(0.3) && { "mcpServer/elicitation/request": accepts }),
    },
  };
}

/**
 * A tool whose calls contain the id of the request. After the start of the thread, only the client
 * refers to it.
 */
export function seededTool({ random, server }: Pick<Parts, "random" | "server">): Tool {
  return tool({
    name: "add",
    description: "Adds.",
    input: { type: "object", properties: { a: { type: "number" } } },
    async execute({ a }, { signal }) {
      server.policy?.called.add(a);
      switch (random.weighted({ good: 6, slow: 2, throws: 1, huge: 0.7, nonsense: 0.5 })) {
        case "good":
          return "a sum";
        case "slow":
          await server.clock.sleep(random.between(0, 300));
          return signal.aborted ? "too late" : "a sum";
        case "throws":
          throw oddValue(random);
        case "huge":
          return "x".repeat(MAX_LENGTH + 1);
        case "nonsense":
          return { big: 1n };
      }
    },
  });
}

async function decide(
  parts: Parts,
  decided: Policy["decided"],
  decision: Decision,
  params: Params,
  context: Context,
): Promise<unknown> {
  const { server } = parts;
  const { askId, itemId, threadId = "" } = params;
  const thread = server.world.threads.get(threadId);
  const isKnown = itemId != null && server.line?.announced.has(itemId);
  if (isKnown && thread && server.isHeld(thread) && context.item?.id !== itemId) {
    server.fault(`[item] the rule of request ${askId} on ${threadId} didn't get item ${itemId}`);
  }
  decided.set(askId, undefined);
  const good = decision === "accept" && "command" in params ? parts.random.pick(ACCEPTS) : decision;
  const result = await behave(parts, params, context, good);
  if (result === good) decided.set(askId, decision);
  return result;
}

async function behave(
  { random, server, client }: Parts,
  { askId }: Params,
  { signal }: Context,
  good: unknown,
): Promise<unknown> {
  const manner = random.weighted({
    good: 4,
    slow: 2,
    throws: 1,
    hangs: 1,
    nonsense: 1,
    unserializable: 1,
    usesClient: 2,
  });
  switch (manner) {
    case "good":
      return good;
    case "slow":
      await server.clock.sleep(random.between(0, 300));
      return good;
    case "throws":
      throw oddValue(random);
    case "hangs":
      server.asks.hangs(askId);
      return new Promise((_, reject) => {
        if (signal.aborted) reject(signal.reason);
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      });
    case "nonsense":
      return random.pick<unknown>([undefined, null, 7, [], ""]);
    case "unserializable":
      return { big: 1n };
    case "usesClient":
      await client().request("model/list", {});
      return good;
  }
}
