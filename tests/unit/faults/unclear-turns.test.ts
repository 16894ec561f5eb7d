import { afterEach, describe, expect, it, vi } from "vitest";
import { turnCompleted } from "../../support/fake.ts";
import { listOf, message, runningTurn, threadIs } from "../../support/running-turn.ts";

afterEach(() => void vi.useRealTimers());

const unclear = { id: "u1", status: "interrupted", items: [], completedAt: null };
const running = { id: "u1", status: "inProgress", items: [], completedAt: null };
const whole = { id: "u1", status: "completed", items: [message("whole")], completedAt: 5 };
const stopped = { ...unclear, completedAt: 5 };
const STORED_WITHIN_MS = 15_000;

/** A turn whose connection was cut, and its outcome. Time passes only where a test advances it. */
async function cutTurn(
  status: "active" | "idle" | "notLoaded",
  listed: () => object,
  newer: object[] = [],
) {
  const fake = await runningTurn();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
  const { server, codex, turn } = fake;
  server.answer("thread/read", () => threadIs(status));
  server.answer("thread/resume", () => threadIs(status === "notLoaded" ? "idle" : status));
  server.answer("thread/turns/list", () => listOf(...newer, listed()));
  const outcome: { status?: string; text?: string; error?: unknown } = {};
  turn.run().then(
    ({ status, text }) => Object.assign(outcome, { status, text }),
    (error: unknown) => Object.assign(outcome, { error }),
  );
  server.disconnect();
  const lists = () => fake.count("thread/turns/list");
  const passUntil = async (condition: () => boolean, limitMs = 5_000) => {
    for (let passed = 0; !condition(); passed += 10) {
      if (passed > limitMs) throw new Error(`not within ${limitMs} ms`);
      await vi.advanceTimersByTimeAsync(10);
    }
  };
  await passUntil(() => lists() > 0);
  return { server, codex, outcome, lists, passUntil, isOver: () => "status" in outcome };
}

describe("a turn that is listed as interrupted without the time of its end", () => {
  it("hasn't ended if it is only starting", async () => {
    let listed: object = unclear;
    const cut = await cutTurn("active", () => listed);
    await cut.passUntil(() => cut.lists() > 2);
    expect(cut.outcome).toEqual({});
    listed = running;
    const before = cut.lists();
    await cut.passUntil(() => cut.lists() > before);
    listed = whole;
    cut.server.notify(...turnCompleted("t1", "u1"));
    await cut.passUntil(cut.isOver);
    expect(cut.outcome).toEqual({ status: "completed", text: "whole" });
    await cut.codex.close();
  });

  it("hasn't ended if the server is still storing its end", async () => {
    let listed: object = unclear;
    const cut = await cutTurn("idle", () => listed);
    await vi.advanceTimersByTimeAsync(STORED_WITHIN_MS / 2);
    expect(cut.outcome).toEqual({});
    listed = whole;
    await cut.passUntil(cut.isOver);
    expect(cut.outcome).toEqual({ status: "completed", text: "whole" });
    await cut.codex.close();
  });

  it("has ended if the server was restarted in the meantime, and doesn't have the thread loaded", async () => {
    const cut = await cutTurn("notLoaded", () => unclear);
    await cut.passUntil(cut.isOver, 100);
    expect(cut.outcome).toEqual({ status: "interrupted", text: "" });
    await cut.codex.close();
  });

  it("has ended if that doesn't change, even if connections don't last long enough to find out", async () => {
    const cut = await cutTurn("idle", () => unclear);
    for (let cuts = 0; cuts < 6; cuts++) {
      await vi.advanceTimersByTimeAsync(STORED_WITHIN_MS / 3);
      cut.server.disconnect();
    }
    await cut.passUntil(cut.isOver, STORED_WITHIN_MS / 3);
    expect(cut.outcome).toEqual({ status: "interrupted", text: "" });
    await cut.codex.close();
  });

  it("has its full time again after it was listed as running", async () => {
    let listed: object = unclear;
    const cut = await cutTurn("active", () => listed);
    await vi.advanceTimersByTimeAsync(STORED_WITHIN_MS * 0.8);
    listed = running;
    await vi.advanceTimersByTimeAsync(1_000);
    listed = unclear;
    cut.server.disconnect();
    await vi.advanceTimersByTimeAsync(STORED_WITHIN_MS * 0.8);
    expect(cut.outcome).toEqual({});
    listed = whole;
    await cut.passUntil(cut.isOver);
    expect(cut.outcome).toEqual({ status: "completed", text: "whole" });
    await cut.codex.close();
  });

  it("has ended if that doesn't change", async () => {
    const cut = await cutTurn("idle", () => unclear);
    await cut.passUntil(cut.isOver, 2 * STORED_WITHIN_MS);
    expect(cut.outcome).toEqual({ status: "interrupted", text: "" });
    await cut.codex.close();
  });

  it("has ended if its end has a time", async () => {
    const cut = await cutTurn("active", () => stopped);
    await cut.passUntil(cut.isOver, 100);
    expect(cut.outcome).toEqual({ status: "interrupted", text: "" });
    await cut.codex.close();
  });
});

// The server has started again, and another client has started a turn since: while that runs, the
// server lists the dead one as running too.
it("a turn that is listed as running before a newer one has ended", async () => {
  const newer = { id: "u2", status: "inProgress", items: [], completedAt: null };
  const cut = await cutTurn("active", () => running, [newer]);
  await cut.passUntil(cut.isOver, 2 * STORED_WITHIN_MS);
  expect(cut.outcome).toEqual({ status: "interrupted", text: "" });
  await cut.codex.close();
});

// Until a review ends, the server lists only its second turn.
it("a review that takes a long time after a cut isn't lost", async () => {
  const working = { ...running, id: "w1", rootTurnId: "u1" };
  let listed: object = working;
  const cut = await cutTurn("active", () => listed);
  await vi.advanceTimersByTimeAsync(2 * STORED_WITHIN_MS);
  expect(cut.outcome).toEqual({});
  listed = whole;
  cut.server.notify(...turnCompleted("t1", "u1"));
  await cut.passUntil(cut.isOver);
  expect(cut.outcome).toEqual({ status: "completed", text: "whole" });
  await cut.codex.close();
});

it("a thread is resumed on a new connection although nothing else is answered", async () => {
  const { server, codex } = await runningTurn();
  server.answer("thread/read", () => undefined);
  server.disconnect();
  await server.request("thread/resume");
  await codex.close();
});
