import { afterEach, expect, it, vi } from "vitest";
import { turnCompleted } from "../../support/fake.ts";
import { listOf, threadIs } from "../../support/running-turn.ts";
import { change, client, isAnsweredSoon, said } from "../../support/whose-turn.ts";

afterEach(() => void vi.useRealTimers());

/** A request that starts a turn, and that the server has merged into another client's turn "u1". */
async function merged(method: "turn/start" | "thread/shellCommand") {
  const scene = await client({ approvals: "accept" });
  const { server, thread } = scene;
  const { signal, abort } = abortable();
  const starting =
    method === "turn/start" ? thread.turn("hi", { signal }) : thread.shell("ls", { signal });
  const request = await server.request(method);
  const turn = { id: "u1", rootTurnId: "u1", status: "inProgress" };
  server.notify("turn/started", { threadId: "t1", turn });
  server.notify("item/started", { threadId: "t1", turnId: "u1", item: said("another's") });
  server.notify("item/started", { threadId: "t1", turnId: "u1", item: change });
  request.respond(method === "turn/start" ? { turn: { id: "u1" } } : {});
  return { ...scene, abort, turn: await starting };
}

function abortable() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort(new Error("enough")) };
}

it.each(["turn/start", "thread/shellCommand"] as const)(
  "another client's turn stays its own if the server merges %s into it",
  async (method) => {
    const { server, codex, turn, abort } = await merged(method);
    const params = { threadId: "t1", turnId: "u1", itemId: "i1" };
    const asked = server.ask("item/fileChange/requestApproval", params);
    expect(await isAnsweredSoon(asked)).toBe(false);
    const running = turn.run({ timeoutMs: 1 });
    await expect(running).rejects.toThrow("within 1 ms");
    abort();
    await new Promise(setImmediate);
    expect(server.received.map((message) => message.method)).not.toContain("turn/interrupt");
    server.notify(...turnCompleted("t1", "u1"));
    await codex.close();
  },
);

it.each([
  ["another's", false],
  [undefined, true],
] as const)(
  "an abort before the turn begins waits for its message, from %s",
  async (from, stops) => {
    const { server, codex, thread, clientIdOf } = await client();
    const { signal, abort } = abortable();
    const starting = thread.turn("hi", { signal });
    (await server.request("turn/start")).respond({ turn: { id: "u1" } });
    const running = (await starting).run();
    abort();
    await expect(running).rejects.toThrow("enough");
    const turn = { id: "u1", rootTurnId: "u1", status: "inProgress" };
    server.notify("turn/started", { threadId: "t1", turn });
    await new Promise(setImmediate);
    const item = said(from ?? clientIdOf("turn/start"));
    server.notify("item/started", { threadId: "t1", turnId: "u1", item });
    // Longer than the client waits for the message.
    await new Promise((resolve) => setTimeout(resolve, 200));
    const sent = server.received.map((message) => message.method);
    expect(sent.includes("turn/interrupt")).toBe(stops);
    server.notify(...turnCompleted("t1", "u1"));
    await codex.close();
  },
);

it("a turn from the server's queue is this client's if it has started it, with any message", async () => {
  const { server, codex } = await client({ approvals: "accept" });
  const starting = codex.request("thread/queue/start", { threadId: "t1" } as never);
  (await server.request("thread/queue/start")).respond({ turn: { id: "u1" } });
  await starting;
  const turn = { id: "u1", rootTurnId: "u1", status: "inProgress" };
  server.notify("turn/started", { threadId: "t1", turn });
  server.notify("item/started", {
    threadId: "t1",
    turnId: "u1",
    item: said("an earlier process's"),
  });
  server.notify("item/started", { threadId: "t1", turnId: "u1", item: change });
  const params = { threadId: "t1", turnId: "u1", itemId: "i1" };
  const answer = await server.ask("item/fileChange/requestApproval", params);
  expect(answer).toMatchObject({ result: { decision: "accept" } });
  await codex.close();
});

it("a start that was lost isn't sent again if a running turn has taken up its message since", async () => {
  const { server, codex, thread, clientIdOf } = await client();
  const another = { id: "u1", rootTurnId: "u1", status: "inProgress" };
  let listed: object = { ...another, items: [] };
  server.answer("thread/turns/list", () => listOf(listed));
  const starting = thread.turn("hi");
  await server.request("turn/start");
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  server.disconnect();
  // The client stops looking for the turn, and waits until the thread is idle.
  for (let step = 0; step < 100; step++) {
    await vi.advanceTimersByTimeAsync(200);
    expect(await isAnsweredSoon(starting)).toBe(false);
  }
  listed = { ...another, status: "completed", items: [said(clientIdOf("turn/start"))] };
  server.answer("thread/read", () => threadIs("idle"));
  server.answer("thread/resume", () => threadIs("idle"));
  server.notify(...turnCompleted("t1", "u1"));
  server.notify("thread/status/changed", { threadId: "t1", status: { type: "idle" } });
  // It asks again some time later, to make sure that the thread is idle.
  for (let step = 0; step < 60 && !(await isAnsweredSoon(starting)); step++) {
    await vi.advanceTimersByTimeAsync(500);
  }
  expect((await starting).id).toBe("u1");
  expect(server.received.filter(({ method }) => method === "turn/start")).toHaveLength(1);
  await codex.close();
});
