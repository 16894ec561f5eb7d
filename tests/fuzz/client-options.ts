import type { Codex, CodexOptions, CodexWarning, RetryOptions } from "../../src/index.ts";
import { seededHandlers } from "./handlers.ts";
import type { MisbehavingServer } from "./misbehaving-server.ts";
import { oddValue } from "./odd-values.ts";
import type { Random } from "./random.ts";
import { UserAbort } from "./user-abort.ts";
import type { VirtualClock } from "./virtual-clock.ts";

interface Parts {
  readonly random: Random;
  readonly clock: VirtualClock;
  readonly server: MisbehavingServer;
  readonly client: () => Codex;
  readonly onWarning: (warning: CodexWarning) => void;
}

type Options = CodexOptions & { readonly requestTimeoutMs: number };

/** The options of a seed's client. */
export function drawOptions(parts: Parts): Options {
  const { random, server, client, onWarning } = parts;
  const { temper } = server;
  const warningsFail = random.chance(0.1);
  return {
    transport: server.endpoint,
    requestTimeoutMs: random.pick([50, 300, 2_000]),
    turnIdleMs: random.pick([100, 400, 2_000]),
    retryOnOverload: drawRetries(parts),
    reconnect: random.pick([
      false as const,
      { maxAttempts: 8, initialDelayMs: 10, jitterRatio: 0 },
      { maxAttempts: 8, initialDelayMs: 10, jitterRatio: 0 },
    ]),
    ...(temper.restarts && { restart: { initialDelayMs: 10, jitterRatio: 0 } }),
    ...seededHandlers({ random: random.fork(), server, client }),
    onWarning: (warning) => {
      onWarning(warning);
      if (warningsFail) throw oddValue(random);
    },
  };
}

/** Some users end the retries after a while, by a signal. */
function drawRetries({ random, clock, server }: Parts): RetryOptions | false {
  server.clientRetries = random.chance(0.6);
  if (!server.clientRetries) return false;
  const retries = { maxAttempts: 4, initialDelayMs: 5, jitterRatio: 0 };
  if (random.chance(0.8)) return retries;
  const controller = new AbortController();
  clock.after(random.between(0, 2_000), () => {
    server.clientRetries = false;
    server.traffic.endRetries();
    controller.abort(new UserAbort("the user wants no more retries"));
  });
  return { ...retries, signal: controller.signal };
}
