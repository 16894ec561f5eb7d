import { afterEach, describe, expect, it, vi } from "vitest";
import { turnCompleted } from "../../support/fake.ts";
import { listOf, message, runningTurn, threadIs } from "../../support/running-turn.ts";

type FakeTurn = Awaited<ReturnType<typeof runningTurn>>;
type Request = { fail(code: number, message: string): void };

afterEach(() => void vi.useRealTimers());

const running = { id: "u1", status: "inProgress", items: [] };
const whole = { id: "u1", status: "completed", items: [message("whole")] };
const BUSY_TIMES = 3;

/** Answers this many times that the server is too busy, and then with `answer()`. */
function afterBusy(answer: () => unknown, times = BUSY_TIMES) {
  let asked = 0;
  return (_params: object, request: Request): unknown => {
    if (++asked > times) return answer();
    request.fail(-32001, "Server overloaded; retry later.");
    return undefined;
  };
}

/** Time passes only where the test advances it; answers that the client waits for take no time. */
function stopTime() {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
}

async function passUntil(condition: () => boolean, limitMs = 30_000): Promise<number> {
  for (let passed = 0; passed <= limitMs; passed += 50) {
    if (condition()) return passed;
    await vi.advanceTimersByTimeAsync(50);
  }
  throw new Error(`not within ${limitMs} ms`);
}

/** The outcome of the turn, which is filled in when the turn ends. */
function outcomeOf({ turn }: FakeTurn) {
  const seen: { status?: string; text?: string; error?: Error } = {};
  turn.run().then(
    ({ status, text }) => Object.assign(seen, { status, text }),
    (error: Error) => Object.assign(seen, { error }),
  );
  return seen;
}

describe("a server that is too busy while a turn is recovered loses no turn", () => {
  it.each([
    ["thread/resume", {}],
    ["thread/turns/list", {}],
    ["thread/turns/list", { retryOnOverload: { signal: AbortSignal.abort() } }],
  ] as const)("when it can't take %s, with %o", async (method, options) => {
    const fake = await runningTurn(options);
    stopTime();
    const { server } = fake;
    const answers: Record<string, () => unknown> = {
      "thread/resume": () => threadIs("active"),
      "thread/turns/list": () => listOf(running),
      "thread/read": () => threadIs("active"),
    };
    for (const [name, answer] of Object.entries(answers)) {
      server.answer(name, afterBusy(answer, name === method ? BUSY_TIMES : 0));
    }
    const outcome = outcomeOf(fake);
    server.disconnect();
    await passUntil(() => fake.count(method) > BUSY_TIMES || outcome.error !== undefined);
    server.answer("thread/turns/list", () => listOf(whole));
    server.notify(...turnCompleted("t1", "u1"));
    await passUntil(() => "status" in outcome || "error" in outcome);
    expect(outcome).toEqual({ status: "completed", text: "whole" });
    await fake.codex.close();
  });

  it("when it can't take the last look-up before the turn ends", async () => {
    const fake = await runningTurn();
    stopTime();
    const { server } = fake;
    server.answer("thread/resume", () => threadIs("active"));
    server.answer("thread/turns/list", () => listOf(running));
    const outcome = outcomeOf(fake);
    server.disconnect();
    await passUntil(() => fake.count("thread/turns/list") > 0);
    server.answer(
      "thread/turns/list",
      afterBusy(() => listOf(whole)),
    );
    server.notify(...turnCompleted("t1", "u1"));
    await passUntil(() => "status" in outcome || "error" in outcome);
    expect(outcome).toEqual({ status: "completed", text: "whole" });
    await fake.codex.close();
  });

  it.each(["thread/read", "thread/turns/list"])(
    "when it can't take %s about a silent turn",
    async (method) => {
      stopTime();
      const fake = await runningTurn({ turnIdleMs: 1_000 });
      const { server } = fake;
      const times = (name: string) => (name === method ? 4 * BUSY_TIMES : 0);
      server.answer(
        "thread/read",
        afterBusy(() => threadIs("idle"), times("thread/read")),
      );
      server.answer(
        "thread/turns/list",
        afterBusy(() => listOf(whole), times("thread/turns/list")),
      );
      server.answer("thread/resume", () => threadIs("idle"));
      const outcome = outcomeOf(fake);
      await passUntil(() => "status" in outcome || "error" in outcome, 120_000);
      expect(outcome).toEqual({ status: "completed", text: "whole" });
      await fake.codex.close();
    },
  );
});

describe("a server that is late with the history of a turn", () => {
  it("by 2.5 s still leads to a complete result", async () => {
    const fake = await runningTurn();
    stopTime();
    const { server } = fake;
    server.answer("thread/resume", () => threadIs("active"));
    server.answer("thread/turns/list", () => listOf(running));
    const outcome = outcomeOf(fake);
    server.disconnect();
    await passUntil(() => fake.count("thread/turns/list") > 0);
    server.notify(...turnCompleted("t1", "u1"));
    await vi.advanceTimersByTimeAsync(2_500);
    expect(outcome).toEqual({});
    server.answer("thread/turns/list", () => listOf(whole));
    await passUntil(() => "status" in outcome || "error" in outcome);
    expect(outcome).toEqual({ status: "completed", text: "whole" });
    await fake.codex.close();
  });

  it("forever ends the turn with an error, not with a partial result", async () => {
    const fake = await runningTurn();
    stopTime();
    const { server } = fake;
    server.answer("thread/resume", () => threadIs("active"));
    server.answer("thread/turns/list", () => listOf(running));
    const outcome = outcomeOf(fake);
    server.disconnect();
    await passUntil(() => fake.count("thread/turns/list") > 0);
    server.notify(...turnCompleted("t1", "u1"));
    await passUntil(() => "status" in outcome || "error" in outcome, 60_000);
    expect(outcome.error?.name).toBe("TurnLostError");
    await fake.codex.close();
  });
});

describe.each(["thread/resume", "thread/turns/list"])("a server that answers %s", (method) => {
  it.each([
    [
      "that its file of the thread is still empty",
      3,
      "failed to read thread: rollout at /home/r.jsonl is empty",
    ],
    ["twice with an internal error", 2, "failed to open the state database: database is locked"],
  ])("%s loses no turn", async (_what, failures, message) => {
    const fake = await runningTurn();
    stopTime();
    const { server } = fake;
    let asked = 0;
    server.answer("thread/resume", () => threadIs("active"));
    server.answer("thread/turns/list", () => listOf(whole));
    server.answer(method, (_params, request) => {
      if (++asked > failures) {
        return method === "thread/resume" ? threadIs("active") : listOf(whole);
      }
      request.fail(-32603, message);
      return undefined;
    });
    const outcome = outcomeOf(fake);
    server.disconnect();
    await passUntil(() => outcome.status !== undefined || outcome.error !== undefined);
    expect(outcome).toEqual({ status: "completed", text: "whole" });
    expect(asked).toBeGreaterThan(1);
    await fake.codex.close();
  });
});

it.each(["while it runs", "at its end"])(
  "a server that fails once to list older turns loses no turn that is looked for among them %s",
  async (when) => {
    const fake = await runningTurn();
    stopTime();
    const { server } = fake;
    let failures = 0;
    const pages = (params: object, request: Request) => {
      if (!("cursor" in params)) return { data: [], nextCursor: "older" };
      if (++failures > 1) return listOf(whole);
      request.fail(-32603, "failed to open the state database: database is locked");
      return undefined;
    };
    server.answer("thread/resume", () => threadIs("active"));
    server.answer("thread/turns/list", () => listOf(running));
    if (when === "while it runs") server.answer("thread/turns/list", pages);
    const outcome = outcomeOf(fake);
    server.disconnect();
    await passUntil(() => fake.count("thread/turns/list") > 0);
    server.answer("thread/turns/list", pages);
    if (when === "at its end") server.notify(...turnCompleted("t1", "u1"));
    await passUntil(() => outcome.status !== undefined || outcome.error !== undefined);
    expect(outcome).toEqual({ status: "completed", text: "whole" });
    await fake.codex.close();
  },
);
