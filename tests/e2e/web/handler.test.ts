import { afterEach, describe, expect, it } from "vitest";
import { command, Gate, text } from "../../../src/testing/index.ts";
import type { ThreadView } from "../../../src/timeline/index.ts";
import { createHandler, type Handler, type HandlerOptions } from "../../../src/web/index.ts";
import { sharedServer } from "../../support/e2e.ts";
import { ask, clientOf, showsInClient } from "../../support/handler.ts";
import { isOver, shows } from "../../support/live-timelines.ts";

const server = sharedServer({ approvals: "ask" });
const handlers: Handler[] = [];

afterEach(() => {
  for (const handler of handlers.splice(0)) handler.close();
});

function handlerOf(options: Partial<HandlerOptions> = {}): Handler {
  const handler = createHandler(server.codex, { authorize: () => true, ...options });
  handlers.push(handler);
  return handler;
}

describe("a handler and its client", () => {
  it("show a turn like thread.timeline(), while it streams and after it has ended", async () => {
    const own = await server.codex.threadStart();
    using known = await own.timeline();
    const thread = clientOf(handlerOf()).thread(own.id);
    const timeline = thread.timeline();
    await showsInClient(timeline, () => true);
    const gate = new Gate();
    server.model.enqueue(text(["One, ", "two, ", gate, "three."]));
    const { steered } = await thread.turn("Count.");
    expect(steered).toBe(false);
    const half = await showsInClient(timeline, ({ turns }) =>
      JSON.stringify(turns).includes("One, two, "),
    );
    expect(half.turns[0]?.state).toBe("running");
    gate.open();
    const isIdle = (view: ThreadView) => isOver(1)(view) && view.status === "idle";
    const view = await showsInClient(timeline, isIdle);
    expect(view).toEqual(await shows(known, isIdle));
    expect(half.turns[0]?.entries[0]).toBe(view.turns[0]?.entries[0]);
    timeline.close();
  });

  it("answer an approval of the thread", async () => {
    const client = clientOf(handlerOf());
    const thread = await client.threadStart({});
    const timeline = thread.timeline();
    server.model.enqueue(command("echo approved", { escalate: "to show it" }), "Done.");
    await thread.turn("Run something.");
    await showsInClient(timeline, (_, { requests }) => requests.length > 0);
    const [request] = timeline.requests;
    expect(request?.title).toBe("Run this command");
    await client.answer(request?.id ?? "", "accept");
    const view = await showsInClient(timeline, isOver(1));
    expect(view.turns[0]?.entries.map(({ kind }) => kind)).toContain("command");
    expect(timeline.requests).toEqual([]);
    await expect(client.answer(request?.id ?? "", "accept")).rejects.toMatchObject({
      code: "REQUEST_SETTLED",
      status: 409,
    });
    timeline.close();
  });

  it("list, search and open stored threads, page by page", async () => {
    const client = clientOf(handlerOf());
    const thread = await server.codex.threadStart();
    for (let turn = 1; turn <= 23; turn++) {
      server.model.enqueue(`Answer ${turn}.`);
      await thread.run(`Marmalade ${turn}`);
    }
    const { threads } = await client.threadList({ limit: 1 });
    expect(threads).toHaveLength(1);
    expect(threads[0]).toMatchObject({ id: thread.id, preview: "Marmalade 1" });
    const found = await client.threadList({ search: "Marmalade" });
    expect(found.threads.map(({ id }) => id)).toEqual([thread.id]);

    const timeline = client.thread(thread.id).timeline();
    const view = await showsInClient(timeline, () => true);
    expect([view.turns.length, view.hasOlder]).toEqual([20, true]);
    expect(await timeline.loadOlder()).toBe(true);
    using own = await thread.timeline();
    await own.loadOlder();
    expect(timeline.snapshot).toEqual(own.snapshot);
    expect(timeline.snapshot?.turns).toHaveLength(23);
    expect(await timeline.loadOlder()).toBe(false);
    timeline.close();
  });

  it("steer and interrupt the turn that runs", async () => {
    const client = clientOf(handlerOf());
    const thread = await client.threadStart();
    const timeline = thread.timeline();
    const gate = new Gate();
    server.model.enqueue(text(["Wait ", gate, "no more"]));
    expect(await thread.interrupt()).toEqual({ turnId: null });
    await expect(thread.steer("More")).rejects.toMatchObject({ code: "NO_TURN", status: 409 });
    const { turnId } = await thread.turn("Go.");
    await gate.reached;
    expect(await thread.steer("Faster.")).toEqual({ turnId, steered: true });
    expect(await thread.turn("Even faster.", { ifRunning: "steer" })).toEqual({
      turnId,
      steered: true,
    });
    expect(await thread.interrupt()).toEqual({ turnId });
    const view = await showsInClient(timeline, isOver(1));
    expect(view.turns[0]?.state).toBe("interrupted");
    gate.open();
    timeline.close();
  });

  it("send a client that reconnects the missed events, or the whole state if it was away for too long", async () => {
    const handler = handlerOf({ limits: { logBytes: 2_000 } });
    const thread = await clientOf(handler).threadStart();
    const events = async (lastEventId?: string) => {
      const leaving = new AbortController();
      const response = await handler(
        new Request(`http://app.test/threads/${thread.id}/events`, {
          headers: lastEventId === undefined ? {} : { "last-event-id": lastEventId },
          signal: leaving.signal,
        }),
      );
      let all = "";
      for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        all += chunk;
        if (all.includes("data: ")) break;
      }
      leaving.abort();
      const [, id = "", data = ""] = /^id: (.*)\ndata: (.*)$/m.exec(all) ?? [];
      return { id, kind: Object.keys(JSON.parse(data))[0] };
    };
    const first = await events();
    expect(first.kind).toBe("state");
    server.model.enqueue("Short.");
    await thread.turn("Say something.");
    const second = await events(first.id);
    expect(second).toEqual({ id: first.id.replace(/0$/, "1"), kind: "patch" });
    expect((await events(`other.${1}`)).kind).toBe("state");
    expect((await events(first.id.replace(/0$/, "999"))).kind).toBe("state");
    server.model.enqueue("x".repeat(10_000));
    const timeline = thread.timeline();
    await showsInClient(timeline, isOver(1));
    await thread.turn("Say much.");
    await showsInClient(timeline, isOver(2));
    timeline.close();
    expect((await events(first.id)).kind).toBe("state");
  });
});

describe("a handler", () => {
  it("needs authorize", () => {
    expect(() => createHandler(server.codex, {} as HandlerOptions)).toThrow(
      "createHandler option authorize is required",
    );
    const wrong = { authorize: () => true, authorise: true };
    expect(() => createHandler(server.codex, wrong)).toThrow("did you mean authorize?");
  });

  it("answers an unknown or unreadable request with an error that says so", async () => {
    const handler = handlerOf();
    const thread = await server.codex.threadStart();
    server.model.enqueue("Hello.");
    await thread.run("Hello?");
    const { id } = thread;
    expect(await ask(handler, "/elsewhere")).toMatchObject({ status: 404 });
    expect(await ask(handler, "/threads", { method: "DELETE" })).toMatchObject({ status: 405 });
    const turns = `/threads/${id}/turns`;
    const bad = [
      await ask(handler, turns, { body: "{" }),
      await ask(handler, turns, { body: "[]" }),
      await ask(handler, turns, { body: {} }),
      await ask(handler, turns, { body: { input: "" } }),
      await ask(handler, turns, { body: { input: "x", ifRunning: "maybe" } }),
      await ask(handler, turns, { body: { input: [{ type: "localImage", path: "/etc/passwd" }] } }),
      await ask(handler, `${turns}?cursor=nonsense`),
      await ask(handler, `${turns}?limit=1000`),
    ];
    expect(bad.map(({ status }) => status)).toEqual(bad.map(() => 400));
    const unknown = await ask(handler, "/threads/01a216ca-0000-7000-8000-000000000000");
    expect(unknown).toMatchObject({ status: 404, body: { error: { code: "THREAD_NOT_FOUND" } } });
    expect(await ask(handler, "/requests/none", { body: { optionId: "accept" } })).toMatchObject({
      status: 404,
      body: { error: { code: "UNKNOWN_REQUEST" } },
    });
  });
});
