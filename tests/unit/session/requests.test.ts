import { describe, expect, test } from "vitest";
import {
  CodexError,
  InvalidRequestError,
  RequestTimeoutError,
  ServerBusyError,
  TransportClosedError,
} from "../../../src/index.ts";
import { failureOf } from "../../support/e2e.ts";
import { fakeClient } from "../../support/fake.ts";

const fast = { retryOnOverload: { maxAttempts: 4, initialDelayMs: 1, jitterRatio: 0 } };
const overloaded = [-32001, "Server overloaded; retry later."] as const;

/** A client whose server is busy for this many requests. */
function busy(times: number, options = {}) {
  const { server, codex } = fakeClient({ ...fast, ...options });
  let asked = 0;
  server.answer("model/list", (_params, request) => {
    asked++;
    return asked <= times ? request.fail(...overloaded) : { data: [], nextCursor: null };
  });
  return { server, codex, asked: () => asked };
}

describe("a request that the server is too busy for", () => {
  test("is sent again until it is accepted", async () => {
    const { codex, asked } = busy(3);
    expect(await codex.modelList()).toEqual({ data: [], nextCursor: null });
    expect(asked()).toBe(4);
  });

  test("fails in the end, with the server's message", async () => {
    const { codex, asked } = busy(99);
    const error = await failureOf(codex.modelList());
    expect(error).toBeInstanceOf(ServerBusyError);
    expect(error.message).toContain("Server overloaded; retry later.");
    expect(asked()).toBe(4);
  });

  test("is not sent again with the option off", async () => {
    const { codex, asked } = busy(1, { retryOnOverload: false });
    expect(await failureOf(codex.modelList())).toBeInstanceOf(ServerBusyError);
    expect(asked()).toBe(1);
  });

  test("rejects when its signal aborts", async () => {
    const { codex, server } = busy(99, { retryOnOverload: { initialDelayMs: 60_000 } });
    const controller = new AbortController();
    server.answer("model/list", (_params, request) => {
      request.fail(...overloaded);
      controller.abort(new Error("enough"));
    });
    await expect(codex.modelList({ signal: controller.signal })).rejects.toThrow("enough");
  });

  test.each([
    [-32600, "no", InvalidRequestError],
    [-32001, "Too many failed attempts", ServerBusyError],
  ])("error %i %s is not retried", async (code, message, type) => {
    const { server, codex } = fakeClient(fast);
    let asked = 0;
    server.answer("model/list", (_params, request) => {
      asked++;
      request.fail(code, message);
    });
    expect(await failureOf(codex.modelList())).toBeInstanceOf(type);
    expect(asked).toBe(1);
  });
});

describe("the time of a request", () => {
  test("is limited by the option of the client, of the call, or not at all", async () => {
    const { codex, server } = fakeClient({ requestTimeoutMs: 5 });
    const error = await failureOf(codex.modelList());
    expect(error).toBeInstanceOf(RequestTimeoutError);
    expect(error).toMatchObject({ method: "model/list", timeoutMs: 5 });
    await expect(codex.modelList({ timeoutMs: 3 })).rejects.toThrow("within 3 ms");
    const patient = codex.modelList({ timeoutMs: 0 });
    const exec = codex.request("command/exec", { command: ["true"] });
    await expect(codex.modelList()).rejects.toThrow("within 5 ms");
    (await server.request("command/exec")).respond({ exitCode: 0 });
    expect(await exec).toEqual({ exitCode: 0 });
    for (let n = 0; n < 4; n++) (await server.request("model/list")).respond({ data: [n] });
    expect(await patient).toEqual({ data: [2] });
  });

  test("ends immediately when its signal aborts, with the signal's reason", async () => {
    const { codex, server } = fakeClient();
    const controller = new AbortController();
    const asking = failureOf(codex.modelList({ signal: controller.signal }));
    await server.request("model/list");
    const reason = new Error("enough");
    controller.abort(reason);
    expect(await asking).toBe(reason);
    expect(await failureOf(codex.modelList({ signal: controller.signal }))).toBe(reason);
  });
});

describe("more requests than the server can take at once", () => {
  test("wait: the 65th is sent when one was answered, and an aborted one never", async () => {
    const { codex, server } = fakeClient();
    await codex.connect();
    const sent = () => server.received.filter(({ method }) => method === "thread/read");
    const read = (threadId: string, signal?: AbortSignal) =>
      codex.request("thread/read", { threadId }, { signal });
    const first = Array.from({ length: 64 }, (_, n) => read(`n${n}`));
    const controller = new AbortController();
    const aborted = failureOf(read("aborted", controller.signal));
    const late = failureOf(codex.request("thread/read", { threadId: "late" }, { timeoutMs: 1 }));
    const last = read("last");
    await new Promise(setImmediate);
    expect(sent()).toHaveLength(64);
    controller.abort(new Error("never mind"));
    expect((await aborted).message).toBe("never mind");
    expect(await late).toBeInstanceOf(RequestTimeoutError);
    expect(sent()).toHaveLength(64);
    (await server.request("thread/read")).respond({ thread: 0 });
    await first[0];
    expect(sent()).toHaveLength(65);
    expect(sent().at(-1)?.params).toEqual({ threadId: "last" });
    for (let n = 1; n < 65; n++) (await server.request("thread/read")).respond({ thread: n });
    expect(await last).toEqual({ thread: 64 });
    expect(sent()).toHaveLength(65);
  });

  test("all fail immediately when the connection ends, including those in the queue", async () => {
    const { codex, server } = fakeClient();
    const asking = Array.from({ length: 100 }, () => failureOf(codex.modelList()));
    await server.request("model/list");
    server.disconnect("gone");
    for (const error of await Promise.all(asking)) {
      expect(error).toBeInstanceOf(TransportClosedError);
    }
    expect(server.received.filter(({ method }) => method === "model/list")).toHaveLength(64);
  });
});

describe("answers", () => {
  test("are matched by id, in any order", async () => {
    const { codex, server } = fakeClient();
    const [one, two] = [codex.request("a", { n: 1 }), codex.request("b", { n: 2 })];
    const [a, b] = [await server.request("a"), await server.request("b")];
    b.respond("B");
    a.respond(null);
    expect([await one, await two]).toEqual([null, "B"]);
  });

  test("to no request, and lines that aren't messages, cause warnings and are ignored", async () => {
    const { codex, server, warnings } = fakeClient();
    await codex.connect();
    server.send({ id: 999, result: {} });
    server.sendText("not json");
    server.sendText("[1]");
    server.sendText('{"id":1}');
    expect(warnings.map(({ code }) => code)).toEqual(Array(4).fill("STRAY_MESSAGE"));
    expect(warnings[1]?.message).toContain("not json");
    expect((await codex.threadStart()).id).toBe("t1");
  });

  test("with unknown members are passed through unchanged", async () => {
    const { codex, server } = fakeClient();
    server.answer("model/list", () => ({ data: [{ id: "m", brandNew: 1 }], more: true }));
    expect(await codex.modelList()).toEqual({ data: [{ id: "m", brandNew: 1 }], more: true });
  });
});

describe("listeners", () => {
  test("of warnings that throw don't stop anything, and cause a process warning", async () => {
    const heard: string[] = [];
    const listen = (warning: Error) => heard.push(warning.message);
    process.on("warning", listen);
    const { server, codex } = fakeClient({
      onWarning: () => {
        throw new Error("not now");
      },
    });
    server.answer("model/list", () => ({ data: [] }));
    await codex.connect();
    server.sendText("no JSON");
    expect(await codex.modelList()).toEqual({ data: [] });
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", listen);
    expect(heard).toEqual([
      expect.stringContaining("it is not JSON"),
      "The onWarning callback threw: not now",
    ]);
  });

  test("that throw are reported, and neither the others nor the client stop", async () => {
    const { codex, server, warnings } = fakeClient();
    await codex.connect();
    const cause = new Error("my fault");
    const heard: unknown[] = [];
    codex.on("brand/new", () => {
      throw cause;
    });
    codex.on("brand/new", (params) => heard.push(params));
    server.notify("brand/new", { a: 1 });
    expect(heard).toEqual([{ a: 1 }]);
    expect(warnings).toMatchObject([{ code: "LISTENER_FAILED", cause }]);
    expect((await codex.threadStart()).id).toBe("t1");
  });

  test("get nothing once disposed of, even from within", async () => {
    const { codex, server } = fakeClient();
    await codex.connect();
    const heard: unknown[] = [];
    const once = codex.on("brand/new", (params) => {
      heard.push(params);
      once[Symbol.dispose]();
    });
    server.notify("brand/new", 1);
    server.notify("brand/new", 2);
    expect(heard).toEqual([1]);
  });

  test("of notifications() get everything that arrived, then the reason of the end", async () => {
    const { codex, server } = fakeClient();
    await codex.connect();
    const notifications = codex.notifications();
    server.notify("brand/new", 1);
    server.disconnect("gone");
    expect((await notifications.next()).value).toMatchObject({ method: "brand/new" });
    const error = await failureOf(notifications.next());
    expect(error).toBeInstanceOf(CodexError);
    expect(error.message).toBe("gone");
    expect(await notifications.next()).toEqual({ value: undefined, done: true });
  });
});
