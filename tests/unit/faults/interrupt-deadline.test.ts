import { describe, expect, it, vi } from "vitest";
import { fakeClient, messageDelta, turnCompleted, turnStarted } from "../../support/fake.ts";

vi.setConfig({ testTimeout: 5_000 });

/** A turn that has streamed something, on a server that never ends it. */
async function stuckTurn(options: Parameters<typeof fakeClient>[0] = {}) {
  const fake = fakeClient(options);
  const { server, codex } = fake;
  const thread = await codex.threadStart();
  const starting = thread.turn("hi");
  (await server.request("turn/start")).respond({ turn: { id: "u1" } });
  const turn = await starting;
  server.notify(...turnStarted("t1", "u1"));
  const item = { type: "agentMessage", id: "m-u1", text: "", phase: null };
  server.notify("item/started", { threadId: "t1", turnId: "u1", item });
  server.notify(...messageDelta("t1", "u1", "half"));
  return { ...fake, thread, turn };
}

describe("interrupt({ deadlineMs })", () => {
  it("ends the turn in the client, with the partial result, if the server answers but doesn't comply", async () => {
    const { server, codex, turn } = await stuckTurn();
    server.answer("turn/interrupt", () => ({}));
    await turn.interrupt({ deadlineMs: 30 });
    expect(await turn.run()).toMatchObject({ status: "interrupted", text: "half" });
    expect(codex.status.state).toBe("ready");
    await codex.close();
  });

  it("restarts a server that doesn't answer at all, if that is allowed", async () => {
    const { server, codex, turn } = await stuckTurn({
      restart: { initialDelayMs: 1 },
    });
    const states: string[] = [];
    codex.onStatus(({ state }) => states.push(state));
    const back = new Promise<void>((resolve) => {
      codex.onStatus(({ state }) => state === "ready" && resolve());
    });
    await turn.interrupt({ deadlineMs: 30 });
    expect(await turn.run()).toMatchObject({ status: "interrupted", text: "half" });
    await back;
    expect(states).toEqual(["reconnecting", "ready"]);
    expect(server.received.filter(({ method }) => method === "initialize")).toHaveLength(2);
    await codex.close();
  });

  it("changes nothing for a server that complies in time", async () => {
    const { server, codex, turn } = await stuckTurn();
    server.answer("turn/interrupt", () => {
      setImmediate(() => server.notify(...turnCompleted("t1", "u1", "interrupted")));
      return {};
    });
    await turn.interrupt({ deadlineMs: 60_000 });
    expect(await turn.run()).toMatchObject({ status: "interrupted", text: "half" });
    await codex.close();
  });

  it("leaves the thread free for the next turn", async () => {
    const { server, codex, thread, turn } = await stuckTurn();
    server.answer("turn/interrupt", () => ({}));
    server.answer("thread/read", () => ({ thread: { id: "t1", status: { type: "idle" } } }));
    await turn.interrupt({ deadlineMs: 30 });
    const running = thread.run("next");
    (await server.request("turn/start")).respond({ turn: { id: "u2" } });
    server.notify(...turnCompleted("t1", "u2"));
    expect((await running).turnId).toBe("u2");
    await codex.close();
  });
});
