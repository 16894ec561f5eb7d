import { channel, subscribe, unsubscribe } from "node:diagnostics_channel";
import { afterEach, expect, test } from "vitest";
import { fakeClient, messageCompleted, messageDelta, turnCompleted } from "../../support/fake.ts";
import { runningTurn } from "../../support/running-turn.ts";

const stops: (() => void)[] = [];

afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

type Message = Record<string, unknown>;

/** Records what is published on these channels; `change` may change a message. */
function listen(names: readonly string[], change: (message: Message) => void = () => {}) {
  const messages: { readonly name: string; readonly message: Message; readonly copy: Message }[] =
    [];
  for (const name of names) {
    const onMessage = (given: unknown) => {
      const message = given as Message;
      messages.push({ name, message, copy: { ...message } });
      change(message);
    };
    subscribe(`codex-app-server:${name}`, onMessage);
    stops.push(() => void unsubscribe(`codex-app-server:${name}`, onMessage));
  }
  return messages;
}

test("a request is published at its start and its end, and is sent with the trace context that was set", async () => {
  const { server, codex } = fakeClient();
  await codex.connect();
  const seen = listen(["request:start", "request:end"], (message) => {
    message.trace ??= { traceparent: "00-a-b-01" };
  });
  server.answer("model/list", () => ({ data: [] }));
  server.answer("thread/read", () => {
    throw new Error("no such thread");
  });
  await codex.request("model/list", { limit: 1 });
  await codex.request("thread/read", { threadId: "x" }).catch(() => {});
  const [start, end, failing, failed] = seen;
  expect(start).toMatchObject({
    name: "request:start",
    copy: { method: "model/list", params: { limit: 1 } },
  });
  expect(end).toMatchObject({ name: "request:end", copy: { result: { data: [] } } });
  expect(end?.message).toBe(start?.message);
  expect(failed?.message).toBe(failing?.message);
  expect(failed?.copy).toMatchObject({
    method: "thread/read",
    error: { message: expect.stringContaining("no such thread") },
  });
  expect(seen).toHaveLength(4);
  expect(server.received.at(-2)).toMatchObject({
    method: "model/list",
    trace: { traceparent: "00-a-b-01" },
  });
  await codex.close();
});

test("a request that is never answered ends when its connection does", async () => {
  const { server, codex } = fakeClient({ reconnect: false });
  await codex.connect();
  const seen = listen(["request:end"]);
  const asked = codex.request("model/list").catch((error: Error) => error.name);
  await server.request("model/list");
  server.disconnect("gone");
  await asked;
  expect(seen).toMatchObject([{ copy: { method: "model/list", error: expect.any(Error) } }]);
  await codex.close();
});

test("a turn is published from its start to its end, without its deltas", async () => {
  const seen = listen(["turn:start", "turn:notification", "turn:end"]);
  const { server, codex, turn } = await runningTurn();
  server.notify(...messageDelta("t1", "u1", "Hel"));
  server.notify(...messageCompleted("t1", "u1", "Hello"));
  server.notify(...turnCompleted("t1", "u1"));
  await turn.run();
  const about = { threadId: "t1", turnId: "u1" };
  expect(seen).toMatchObject([
    { name: "turn:start", copy: about },
    { name: "turn:notification", copy: { ...about, method: "turn/started" } },
    {
      name: "turn:notification",
      copy: { ...about, method: "item/completed", params: { item: { text: "Hello" } } },
    },
    { name: "turn:notification", copy: { ...about, method: "turn/completed" } },
    { name: "turn:end", copy: { ...about, status: "completed", error: null } },
  ]);
  expect(seen.at(-1)?.message).toBe(seen[0]?.message);
  await codex.close();
});

test("a turn whose end can't be known ends with the reason", async () => {
  const seen = listen(["turn:end"]);
  const { codex, turn } = await runningTurn();
  const running = turn.run().catch(() => {});
  await codex.close();
  await running;
  expect(seen).toMatchObject([{ copy: { turnId: "u1", error: { name: "TransportClosedError" } } }]);
  expect(seen[0]?.copy.status).toBeUndefined();
});

test("a server request is published with its answer, and a subscriber can change how it is answered", async () => {
  const order: string[] = [];
  const seen = listen(["server-request:start", "server-request:end"], (message) => {
    message.run ??= (answer: () => unknown) => {
      order.push("run");
      return answer();
    };
  });
  const { server, codex } = fakeClient({
    handlers: {
      "currentTime/read": () => {
        order.push("answer");
        return { currentTimeAt: 1 };
      },
    },
  });
  await codex.connect();
  await server.ask("currentTime/read", {});
  expect(order).toEqual(["run", "answer"]);
  expect(seen).toMatchObject([
    { name: "server-request:start", copy: { method: "currentTime/read" } },
    { name: "server-request:end", copy: { result: { currentTimeAt: 1 } } },
  ]);
  await codex.close();
});

test("a withdrawn server request ends too", async () => {
  const seen = listen(["server-request:end"]);
  const { server, codex } = await runningTurn({ approvals: "ask" });
  const params = { threadId: "t1", turnId: "u1", itemId: "c", command: "ls" };
  server.send({ id: 0, method: "item/commandExecution/requestApproval", params });
  await codex.requests.next();
  server.notify("serverRequest/resolved", { threadId: "t1", requestId: 0 });
  await codex.close();
  expect(seen).toMatchObject([{ copy: { params, error: expect.any(Error) } }]);
});

test("nothing is published while there are no subscribers", async () => {
  const names = ["request", "turn", "server-request"].flatMap((name) => [
    ...[`${name}:start`, `${name}:end`],
  ]);
  expect(names.map((name) => channel(`codex-app-server:${name}`).hasSubscribers)).toEqual(
    names.map(() => false),
  );
  const { server, codex } = fakeClient();
  server.answer("model/list", () => ({ data: [] }));
  await codex.request("model/list");
  expect(server.received.at(-1)).not.toHaveProperty("trace");
  await codex.close();
});
