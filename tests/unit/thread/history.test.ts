import { afterEach, describe, expect, it, vi } from "vitest";
import { OutcomeUnknownError } from "../../../src/index.ts";
import type { FakeAppServer } from "../../../src/testing/index.ts";
import { failureOf } from "../../support/e2e.ts";
import { fakeClient, turnCompleted, turnStarted } from "../../support/fake.ts";
import { listOf, message, runningTurn, threadIs } from "../../support/running-turn.ts";

afterEach(() => void vi.useRealTimers());

function stopTime() {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
}

interface StartParams {
  readonly clientUserMessageId?: string;
}

const other = (count: number) => ({ id: `other-${count}`, status: "completed", items: [] });

/** Answers with pages of these turns. */
const pagesOf =
  (turns: readonly object[]) =>
  ({ cursor, limit }: { readonly cursor?: unknown; readonly limit?: unknown }) => {
    const from = Number(cursor ?? 0);
    const to = from + Number(limit);
    const nextCursor = to < turns.length ? String(to) : null;
    return { data: turns.slice(from, to), nextCursor };
  };

describe("a turn that ended while there was no connection", () => {
  it("is found, however many others have run since", async () => {
    const { server, codex, turn } = await runningTurn();
    const whole = { id: "u1", status: "completed", items: [message("whole")] };
    const turns = [...Array.from({ length: 12 }, (_, count) => other(count)), whole];
    server.answer("thread/resume", () => threadIs("idle"));
    server.answer("thread/read", () => threadIs("idle"));
    server.answer("thread/turns/list", pagesOf(turns));
    stopTime();
    const running = turn.run();
    server.disconnect();
    await vi.advanceTimersByTimeAsync(60_000);
    expect((await running).text).toBe("whole");
    await codex.close();
  });
});

async function lostStart() {
  const { server, codex, thread, turn, count } = await runningTurn({ requestTimeoutMs: 500 });
  server.notify(...turnCompleted("t1", "u1"));
  await turn.run();
  server.answer("thread/resume", () => threadIs("idle"));
  server.answer("thread/read", () => threadIs("idle"));
  const starting = thread.turn("once");
  starting.catch(() => {});
  await server.request("turn/start");
  stopTime();
  server.disconnect();
  return { server, codex, starting, count };
}

/** The turn of the last `turn/start`, as the server lists it. */
function started({ received }: FakeAppServer) {
  const sent = received.findLast(({ method }) => method === "turn/start");
  const { clientUserMessageId: clientId } = { ...(sent?.params as object) } as StartParams;
  const asked = { type: "userMessage", id: "m1", clientId, content: [] };
  return { id: "u2", status: "completed", items: [asked] };
}

describe("a start whose answer was lost", () => {
  it("isn't sent again if the server doesn't report whether its turn has started", async () => {
    const { server, codex, starting, count } = await lostStart();
    server.answer("thread/turns/list", (_params, request) => request.fail(-32603, "not now"));
    const failing = failureOf(starting);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await failing).toBeInstanceOf(OutcomeUnknownError);
    expect(count("turn/start")).toBe(2);
    await codex.close();
  });

  it("is sent at most five times if every connection ends with it", async () => {
    const { server, codex, starting, count } = await lostStart();
    server.answer("thread/turns/list", () => listOf());
    server.answer("turn/start", () => server.disconnect());
    const failing = failureOf(starting);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(await failing).toBeInstanceOf(OutcomeUnknownError);
    // One of them is that of an earlier turn.
    expect(count("turn/start")).toBe(1 + 5);
    await codex.close();
  });

  it("isn't sent again while later turns may not be stored yet", async () => {
    const { server, codex, starting, count } = await lostStart();
    server.answer("thread/turns/list", () => listOf());
    await vi.advanceTimersByTimeAsync(3_500);
    const about = { threadId: "t1" };
    server.notify("thread/status/changed", { ...about, status: { type: "active" } });
    server.notify("thread/status/changed", { ...about, status: { type: "idle" } });
    await vi.advanceTimersByTimeAsync(3_000);
    expect(count("turn/start")).toBe(2);
    server.answer("thread/turns/list", () => listOf(started(server)));
    await vi.advanceTimersByTimeAsync(5_000);
    expect((await starting).id).toBe("u2");
    expect(count("turn/start")).toBe(2);
    await codex.close();
  });
});

it("a start whose answer was lost isn't sent again, however many turns have run since", async () => {
  const { server, codex, starting, count } = await lostStart();
  const turns = Array.from({ length: 12 }, (_, index) => other(index));
  server.answer("thread/turns/list", pagesOf([...turns, started(server)]));
  await vi.advanceTimersByTimeAsync(20_000);
  expect((await starting).id).toBe("u2");
  expect(count("turn/start")).toBe(2);
  await codex.close();
});

describe("the questions about a silent turn", () => {
  it("are asked one at a time, however long the answers take", async () => {
    const { server, codex } = fakeClient({ turnIdleMs: 20 });
    server.answer("turn/start", () => ({ turn: { id: "u1", status: "inProgress", items: [] } }));
    server.answer("thread/read", () => undefined);
    const thread = await codex.threadStart();
    const turn = await thread.turn("go");
    server.notify(...turnStarted("t1", "u1"));
    const questions = () => server.received.filter(({ method }) => method === "thread/read");
    await expect.poll(questions).toHaveLength(1);
    // A multiple of the time for which the turn may be silent.
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(questions()).toHaveLength(1);
    server.notify(...turnCompleted("t1", "u1"));
    await turn.run();
    await codex.close();
  });
});
