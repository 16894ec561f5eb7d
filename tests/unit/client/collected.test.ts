import { expect, it } from "vitest";
import { Codex, type Thread, type Turn } from "../../../src/index.ts";
import { FakeAppServer } from "../../../src/testing/fake-app-server.ts";
import { turnStarted } from "../../support/fake.ts";
import { untilCollected } from "../../support/garbage.ts";

function threadServer(): FakeAppServer {
  const server = new FakeAppServer({ outlivesTransport: true });
  server.answer("thread/start", () => ({ thread: { id: "t1", status: { type: "idle" } } }));
  return server;
}

it("a closed client is collected although its rule refers to a thread and to a stream", async () => {
  const ref = await (async () => {
    const handles: (Thread | Turn | AsyncIterator<unknown>)[] = [];
    const command = () => (handles.length > 0 ? ("accept" as const) : ("decline" as const));
    const codex = new Codex({ transport: threadServer().endpoint, approvals: { command } });
    handles.push(await codex.threadStart(), codex.notifications());
    await codex.close();
    return new WeakRef(codex);
  })();
  await untilCollected("the client", [ref]);
});

it("a closed client is collected although it has left a request to another client", async () => {
  const ref = await (async () => {
    const server = threadServer();
    const codex = new Codex({ transport: server.endpoint });
    const thread = await codex.threadStart();
    server.notify(...turnStarted("t1", "u1"));
    const params = { threadId: "t1", turnId: "u1", item: { type: "userMessage", id: "m1" } };
    server.notify("item/started", params);
    server.send({ id: 0, method: "item/commandExecution/requestApproval", params });
    await new Promise(setImmediate);
    expect(server.received.filter(({ id }) => id === 0)).toEqual([]);
    await codex.close();
    expect(thread.id).toBe("t1");
    return new WeakRef(codex);
  })();
  await untilCollected("the client", [ref]);
});

it("the tools and settings of a thread are collected although a request about it is never answered", async () => {
  const server = threadServer();
  const codex = new Codex({ transport: server.endpoint, requestTimeoutMs: 20 });
  const ref = await (async () => {
    const config = { note: "a setting" };
    const thread = await codex.threadStart({ config });
    // This request is never answered.
    await thread.setName("a name").catch(() => {});
    await thread.turn("go").catch(() => {});
    return new WeakRef(config);
  })();
  server.answer("thread/read", () => ({ thread: { id: "t1", status: { type: "idle" } } }));
  await untilCollected("the settings", [ref]);
  await codex.close();
});

it("the tools and settings of a thread that was never started are collected", async () => {
  const server = new FakeAppServer();
  const codex = new Codex({ transport: server.endpoint, requestTimeoutMs: 20 });
  const ref = await (async () => {
    const config = { note: "a setting" };
    await codex.threadStart({ config }).catch(() => {});
    return new WeakRef(config);
  })();
  await untilCollected("the settings", [ref]);
  await codex.close();
});
