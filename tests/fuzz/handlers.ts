import type { Codex, CodexOptions } from "../../src/index.ts";
import type { Asks } from "./asks.ts";
import type { Random } from "./random.ts";
import type { VirtualClock } from "./virtual-clock.ts";

interface Parts {
  readonly random: Random;
  readonly clock: VirtualClock;
  readonly asks: Asks;
  readonly client: () => Codex;
}

/** Handlers as users write them: good ones, and those that throw, hang, return nonsense or use the client. */
export function seededHandlers(parts: Parts): Pick<CodexOptions, "approvals" | "handlers"> {
  const { random } = parts;
  const rule = (decision: "accept" | "decline") => (params: unknown, context: Context) =>
    behave(parts, params, context, decision) as Promise<"accept" | "decline">;
  const any = (params: unknown, context: Context) => behave(parts, params, context, {});
  return {
    approvals: random.pick([
      undefined,
      "accept" as const,
      { command: rule("accept"), fileChange: rule("decline") },
    ]),
    handlers: {
      ...(random.chance(0.5) && { "*": any }),
      ...(random.chance(0.5) && { "item/tool/requestUserInput": any as () => Promise<never> }),
      ...(random.chance(0.2) && { "currentTime/read": any as () => Promise<never> }),
    },
  };
}

interface Context {
  readonly signal: AbortSignal;
}

async function behave(
  { random, clock, asks, client }: Parts,
  params: unknown,
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
      await clock.sleep(random.between(0, 300));
      return good;
    case "throws":
      throw random.pick<unknown>([new Error("a handler's own fault"), "a string", undefined, null]);
    case "hangs":
      asks.hangs((params as { askId?: number }).askId);
      return new Promise((_, reject) => {
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
