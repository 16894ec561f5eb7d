import { afterEach, expect, it, vi } from "vitest";
import { turnCompleted } from "../../support/fake.ts";
import { listOf, message, runningTurn, threadIs } from "../../support/running-turn.ts";

const LIMIT_MS = 60_000;
const running = { id: "u1", status: "inProgress", items: [], completedAt: null };
const whole = { id: "u1", status: "completed", items: [message("whole")], completedAt: 5 };

afterEach(() => void vi.useRealTimers());

/** The server has just reported that it can't reach the turn's model when the connection is lost. */
async function cutWhileRetrying() {
  const fake = await runningTurn({ modelRetryMs: LIMIT_MS });
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const { server, turn } = fake;
  let listed: object = running;
  server.answer("thread/resume", () => threadIs("active"));
  server.answer("thread/turns/list", () => listOf(listed));
  server.answer("turn/interrupt", () => ({}));
  const outcome = turn.run().then(
    ({ status, text }) => ({ status, text }),
    ({ code }: { code: string }) => ({ code }),
  );
  const retry = () =>
    server.notify("error", {
      ...{ threadId: "t1", turnId: "u1", willRetry: true },
      error: { message: "Reconnecting", codexErrorInfo: null, additionalDetails: null },
    });
  retry();
  server.disconnect();
  const end = () => {
    listed = whole;
    server.notify(...turnCompleted("t1", "u1"));
  };
  return { ...fake, outcome, retry, end };
}

it("a turn isn't given up if the server may have reached its model without a connection", async () => {
  const { codex, count, outcome, end } = await cutWhileRetrying();
  await vi.advanceTimersByTimeAsync(2 * LIMIT_MS);
  end();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await outcome).toEqual({ status: "completed", text: "whole" });
  expect(count("turn/interrupt")).toBe(0);
  await codex.close();
});

it("the time limit restarts if the server reports after the cut that it is still retrying", async () => {
  const { codex, outcome, retry } = await cutWhileRetrying();
  await vi.advanceTimersByTimeAsync(1_000);
  retry();
  await vi.advanceTimersByTimeAsync(LIMIT_MS);
  expect(await outcome).toEqual({ code: "MODEL_UNREACHABLE" });
  await codex.close();
});
