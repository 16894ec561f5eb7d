import { describe, expect, it } from "vitest";
import type { CodexOptions } from "../../../src/index.ts";
import { listOf } from "../../support/running-turn.ts";
import { change, client, said } from "../../support/whose-turn.ts";

type Scene = Awaited<ReturnType<typeof client>>;

/** In the turn "g1", an agent works for the turn "u1", which has ended. */
async function agentsTurn(whose: "another's" | "own", options: CodexOptions = {}) {
  const scene = await client(options);
  const { server, thread, clientIdOf } = scene;
  server.answer("thread/turns/list", () => listOf());
  server.answer("turn/interrupt", () => ({}));
  let messageId: string | undefined = "another's";
  if (whose === "own") {
    const starting = thread.turn("first");
    (await server.request("turn/start")).respond({ turn: { id: "u1" } });
    await starting;
    messageId = clientIdOf("turn/start");
  }
  server.notify("turn/started", { threadId: "t1", turn: { id: "u1", rootTurnId: "u1" } });
  server.notify("item/started", { threadId: "t1", turnId: "u1", item: said(messageId) });
  server.notify("turn/completed", { threadId: "t1", turn: { id: "u1", status: "completed" } });
  return scene;
}

const begins = ({ server }: Scene, ...items: object[]) => {
  server.notify("turn/started", { threadId: "t1", turn: { id: "g1", rootTurnId: "u1" } });
  for (const item of items) server.notify("item/started", { threadId: "t1", turnId: "g1", item });
};

/** This program's message joins the agent's turn. */
async function joins(scene: Scene, signal?: AbortSignal) {
  const starting = scene.thread.turn("hi", { signal });
  (await scene.server.request("turn/start")).respond({ turn: { id: "g1" } });
  const turn = await starting;
  turn.run().catch(() => {});
  begins(scene, said(null));
  await new Promise(setImmediate);
  return turn;
}

const interrupts = ({ server }: Scene) =>
  server.received.filter(({ method }) => method === "turn/interrupt").length;

/** A later request is answered only when earlier ones have been sent. */
async function isIdle({ codex, server }: Scene) {
  server.answer("thread/read", () => ({ thread: { id: "t1", status: { type: "active" } } }));
  for (let count = 0; count < 5; count++) await codex.request("thread/read", { threadId: "t1" });
}

describe("a turn in which an agent works for another client's turn continues", () => {
  it("when a caller aborts a message that has joined it", async () => {
    const scene = await agentsTurn("another's");
    const abort = new AbortController();
    await joins(scene, abort.signal);
    abort.abort();
    await isIdle(scene);
    expect(interrupts(scene)).toBe(0);
    await scene.codex.close();
  });

  it("when the model can't be reached for too long", async () => {
    const scene = await agentsTurn("another's", { modelRetryMs: 1 });
    const turn = await joins(scene);
    const error = { message: "Reconnecting...", codexErrorInfo: null };
    scene.server.notify("error", { threadId: "t1", turnId: "g1", willRetry: true, error });
    await expect(turn.run()).rejects.toThrow("could not reach the model");
    await isIdle(scene);
    expect(interrupts(scene)).toBe(0);
    await scene.codex.close();
  });

  it.each(["another's", "own"] as const)(
    "when a goal is aborted: the turn is %s",
    async (whose) => {
      const scene = await agentsTurn(whose);
      const { server, thread } = scene;
      begins(scene, said(null), change);
      const abort = new AbortController();
      server.answer("thread/goal/set", ({ status }) => ({ goal: { objective: "win", status } }));
      const running = thread.goal.run("win", { signal: abort.signal });
      running.catch(() => {});
      await expect
        .poll(() => server.received.some(({ method }) => method === "thread/goal/set"))
        .toBe(true);
      await new Promise(setImmediate);
      abort.abort();
      await expect(running).rejects.toThrow();
      await isIdle(scene);
      expect(interrupts(scene)).toBe(0);
      await scene.codex.close();
    },
  );
});

it("a turn in which an agent works for a turn of this client ends with a message that has joined it", async () => {
  const scene = await agentsTurn("own");
  const abort = new AbortController();
  await joins(scene, abort.signal);
  abort.abort();
  await expect.poll(() => interrupts(scene)).toBe(1);
  await scene.codex.close();
});
