import { describe, expect, it } from "vitest";
import type { CodexOptions } from "../../../src/index.ts";
import { RequestTimeoutError, TurnLostError } from "../../../src/index.ts";
import { failureOf } from "../../support/e2e.ts";
import { fakeClient, turnCompleted, turnStarted } from "../../support/fake.ts";
import { speedUpClock } from "../../support/fast-clock.ts";

const MESSAGE = { type: "agentMessage", id: "m1", text: "kept", phase: null };

/** A turn "u1" that the server has started, and about which it reports nothing more. */
async function silentTurn(options: CodexOptions = {}) {
  const { server, codex } = fakeClient({ turnIdleMs: 20, ...options });
  server.answer("turn/start", () => ({ turn: { id: "u1", status: "inProgress", items: [] } }));
  const thread = await codex.threadStart();
  const turn = await thread.turn("go");
  server.notify(...turnStarted("t1", "u1"));
  /** Sets the turns that the server has stored, and the status of the thread. */
  const knows = (status: string, turns: readonly object[]) => {
    server.answer("thread/read", () => ({ thread: { id: "t1", status: { type: status } } }));
    server.answer("thread/turns/list", () => ({ data: turns, nextCursor: null }));
    server.answer("thread/resume", () => ({ thread: { id: "t1", status: { type: status } } }));
  };
  return { server, codex, thread, turn, knows };
}

describe("a silent turn", () => {
  it("ends with what the server has stored, if it has ended there", async () => {
    const { turn, knows } = await silentTurn();
    knows("idle", [{ id: "u1", status: "completed", items: [MESSAGE] }]);
    const result = await turn.run();
    expect([result.status, result.text]).toEqual(["completed", "kept"]);
  });

  it("is waited for while it continues, and the server is asked repeatedly", async () => {
    const { server, turn, knows } = await silentTurn();
    let asked = 0;
    const thirdTime = new Promise<void>((resolve) => {
      server.answer("thread/read", () => {
        if (++asked === 3) resolve();
        return { thread: { id: "t1", status: { type: "active" } } };
      });
    });
    const running = turn.run();
    await thirdTime;
    knows("idle", [{ id: "u1", status: "failed", items: [], error: { message: "no luck" } }]);
    expect(await running).toMatchObject({ status: "failed", error: { message: "no luck" } });
  });

  it("isn't given up while the server may be late to store its end", async () => {
    const { server, turn, knows } = await silentTurn();
    let asked = 0;
    const fifthTime = new Promise<void>((resolve) => {
      knows("idle", []);
      server.answer("thread/turns/list", () => {
        if (++asked === 5) resolve();
        return { data: [{ id: "u1", status: "inProgress", items: [] }], nextCursor: null };
      });
    });
    const running = turn.run();
    await fifthTime;
    knows("idle", [{ id: "u1", status: "completed", items: [MESSAGE] }]);
    expect((await running).text).toBe("kept");
  });

  it("is an error when the server does not know it", async () => {
    speedUpClock();
    const { turn, knows } = await silentTurn();
    knows("idle", []);
    const error = await failureOf(turn.run());
    expect(error).toBeInstanceOf(TurnLostError);
    expect(error).toMatchObject({ threadId: "t1", turnId: "u1" });
    expect(error.message).toContain("the server doesn't know it");
  });

  it("isn't given up sooner because the server didn't know an earlier one for a while", async () => {
    speedUpClock();
    const { server, thread, turn, knows } = await silentTurn();
    knows("idle", []);
    let asked = 0;
    const twice = new Promise<void>((resolve) => {
      server.answer("thread/turns/list", () => {
        if (++asked === 2) resolve();
        const isKnown = asked >= 4;
        const turns = [{ id: "u2", status: "completed", items: [MESSAGE] }];
        return { data: isKnown ? turns : [], nextCursor: null };
      });
    });
    await twice;
    // Until then, the answer applies to the first turn.
    await new Promise(setImmediate);
    server.notify(...turnCompleted("t1", "u1"));
    await turn.run();
    server.answer("turn/start", () => ({ turn: { id: "u2", status: "inProgress", items: [] } }));
    const second = await thread.turn("more");
    server.notify(...turnStarted("t1", "u2"));
    expect((await second.run()).text).toBe("kept");
    expect(asked).toBe(4);
  });

  it("is an error when the server does not answer", async () => {
    speedUpClock();
    const { turn } = await silentTurn({ requestTimeoutMs: 20 });
    const error = await failureOf(turn.run());
    expect(error).toBeInstanceOf(TurnLostError);
    expect(error.cause).toBeInstanceOf(RequestTimeoutError);
  });

  it("isn't checked if turnIdleMs is 0", async () => {
    const { server, turn } = await silentTurn({ turnIdleMs: 0 });
    const pending = Symbol("pending");
    const soon = new Promise((resolve) => setTimeout(resolve, 100, pending));
    expect(await Promise.race([turn.run(), soon])).toBe(pending);
    expect(server.received.map(({ method }) => method)).not.toContain("thread/read");
  });
});

it("a turn that waits for one whose end was never reported starts when the server is idle", async () => {
  const { server, thread, turn, knows } = await silentTurn();
  knows("idle", [{ id: "u1", status: "completed", items: [MESSAGE] }]);
  const second = thread.turn("and then");
  await turn.run();
  await second;
  expect(server.received.filter(({ method }) => method === "turn/start")).toHaveLength(2);
});

it("a turn that waits for a thread whose idleness was never reported starts when the server is idle", async () => {
  const { server, codex } = fakeClient({ turnIdleMs: 20 });
  server.answer("turn/start", () => ({ turn: { id: "u1", status: "inProgress", items: [] } }));
  server.answer("thread/read", () => ({ thread: { id: "t1", status: { type: "idle" } } }));
  const thread = await codex.threadStart();
  server.notify("thread/status/changed", { threadId: "t1", status: { type: "active" } });
  expect((await thread.turn("go")).id).toBe("u1");
});

it("a turn that the server can't list yet is waited for, not lost", async () => {
  const { server, turn, knows } = await silentTurn();
  const asked = new Promise<void>((resolve) => {
    knows("active", []);
    server.answer("thread/turns/list", (_params, request) =>
      request.fail(-32601, "paginated_threads is not supported yet"),
    );
    server.answer("thread/read", ({ includeTurns }, request) => {
      if (!includeTurns) return { thread: { id: "t1", status: { type: "idle" } } };
      request.fail(-32601, "list_turns is not supported yet");
      resolve();
      return undefined;
    });
  });
  const running = turn.run();
  await asked;
  knows("idle", [{ id: "u1", status: "completed", items: [MESSAGE] }]);
  expect((await running).text).toBe("kept");
});
