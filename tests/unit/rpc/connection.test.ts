import { describe, expect, it } from "vitest";
import { JsonRpcError } from "../../../src/errors/rpc-errors.ts";
import type { ConnectionEvents } from "../../../src/rpc/connection.ts";
import { CallLost } from "../../../src/rpc/pending.ts";
import { connected, lost, outcomeOf, range, settled } from "./two-arrays.ts";

describe("Connection", () => {
  it("sends requests and notifications, and settles each call with its own answer", async () => {
    const { transport, connection, seen } = connected();
    const calls = [connection.call("a", { x: 1 }), connection.call("b", undefined)];
    connection.notify("n");
    connection.notify("n", { y: 2 });
    expect(transport.messages).toEqual([
      { id: 1, method: "a", params: { x: 1 } },
      { id: 2, method: "b", params: {} },
      { method: "n" },
      { method: "n", params: { y: 2 } },
    ]);
    transport.receive({ id: 2, result: "B" }, { id: 1, result: null });
    expect(await Promise.all(calls)).toEqual([null, "B"]);
    expect(seen).toEqual([]);
  });

  it("passes on messages in order, unless peek has handled them", () => {
    const { transport, seen } = connected({ peek: (text) => text.includes("taken") });
    transport.receive(
      { method: "one" },
      { method: "taken" },
      { id: 0, method: "asked" },
      { method: "two", params: null },
    );
    expect(seen).toEqual([
      ["notification", "one"],
      ["request", "asked"],
      ["notification", "two"],
    ]);
  });

  it("passes every message to the trace", () => {
    const crossed: string[] = [];
    const { transport, connection } = connected({
      trace: (direction, text) => crossed.push(`${direction} ${text}`),
    });
    connection.notify("n");
    transport.receive({ method: "m" }, "no JSON");
    expect(crossed).toEqual(['send {"method":"n"}', 'receive {"method":"m"}', "receive no JSON"]);
  });

  it("applies a result as its line is read, before the next line of the chunk", async () => {
    const { transport, connection, seen } = connected();
    const call = connection.call("a", {}, { onResult: (result) => seen.push(["result", result]) });
    transport.receive({ method: "before" }, { id: 1, result: 5 }, { method: "after" });
    expect(seen).toEqual([
      ["notification", "before"],
      ["result", 5],
      ["notification", "after"],
    ]);
    expect(await call).toBe(5);
  });

  it("ends once: rejects pending calls, and drops later messages in both directions", async () => {
    const { transport, connection, seen } = connected();
    const first = outcomeOf(connection.call("a", {}));
    const waiting = range(64).map(() => outcomeOf(connection.call("b", {})));
    const reason = lost();
    transport.end(reason);
    transport.end(lost("later"));
    const afterwards = outcomeOf(connection.call("c", {}));
    connection.notify("n");
    connection.send("{}");
    transport.receive({ method: "late" }, { id: 1, result: 1 }, "no JSON");
    expect(await connection.closed).toBe(reason);
    expect(first.error).toBeInstanceOf(CallLost);
    expect(first.error).toMatchObject({ reason, sent: true });
    expect(waiting.at(-1)?.error).toMatchObject({ reason, sent: false });
    expect(afterwards.error).toMatchObject({ reason, sent: false });
    expect(transport.sent).toHaveLength(64);
    expect(seen).toEqual([]);
  });

  it("closes the transport after rejecting all pending calls", async () => {
    const { transport, connection } = connected();
    const call = outcomeOf(connection.call("a", {}));
    const reason = lost();
    await connection.close(reason);
    expect(transport.isClosed).toBe(true);
    expect(await connection.closed).toBe(reason);
    expect(call.error).toMatchObject({ reason });
  });
});

describe("a malformed message", () => {
  it.each([
    "",
    "no JSON",
    "null",
    "[]",
    '[{"id":1,"result":1}]',
    "{}",
    '{"id":1',
    '{"id":null,"result":1}',
    '{"id":1.5,"result":1}',
    '{"id":[1],"result":1}',
    '{"id":"1","result":1}',
    '{"id":99,"result":1}',
    '{"id":99,"error":{}}',
    '{"id":99}',
    '{"method":null}',
    '{"method":"m","id":null}',
    "[".repeat(20_000),
    "[".repeat(20_000) + "]".repeat(20_000),
  ])("is reported once, and blocks nothing: %.40s", async (line) => {
    const { transport, connection, seen } = connected();
    const call = connection.call("a", {});
    transport.receive(line, { id: 1, result: "fine" });
    expect(seen).toEqual([["stray", expect.stringMatching(/^(it|its|no) /), line]]);
    expect(await call).toBe("fine");
  });

  it.each([
    ["no outcome", {}],
    ["a null error and no result", { error: null }],
    ["an error that is a text", { error: "no" }],
    ["an error that is a list", { error: [] }],
    ["an error without members", { error: {} }],
    ["an error with members of null", { error: { code: null, message: null } }],
    ["an error without a code", { error: { message: "no" } }],
    ["an error beside a result", { result: 1, error: {} }],
    ["an error of any depth", { error: JSON.parse("[".repeat(2_000) + "]".repeat(2_000)) }],
  ])("rejects the call that it answers: %s", async (_, members) => {
    const { transport, connection, seen } = connected();
    const call = outcomeOf(connection.call("a", {}));
    transport.receive({ id: 1, ...members }, { method: "after" });
    await settled();
    expect(call.error).toBeInstanceOf(JsonRpcError);
    expect(String(call.error)).toMatch(/malformed|neither a result nor an error/);
    expect(seen).toEqual([["notification", "after"]]);
  });

  it("is a success when its error is null, and a failure when it has an error too", async () => {
    const { transport, connection } = connected();
    const calls = range(3).map(() => outcomeOf(connection.call("a", {})));
    const error = { code: -32600, message: "no" };
    transport.receive(
      { id: 1, result: { ok: true }, error: null },
      { id: 2, result: null, error },
      { id: 3, result: "yes", error },
    );
    await settled();
    expect(calls[0]).toEqual({ value: { ok: true } });
    expect(calls[1]?.error).toMatchObject({ rpcCode: -32600, serverMessage: "no" });
    expect(calls[2]?.error).toMatchObject({ rpcCode: -32600, serverMessage: "no" });
  });

  it("settles a call only once: a second answer is reported", async () => {
    const { transport, connection, seen } = connected();
    const call = connection.call("a", {});
    transport.receive({ id: 1, result: 1 }, { id: 1, result: 2 });
    expect(await call).toBe(1);
    expect(seen).toEqual([["stray", "no request is waiting for it", '{"id":1,"result":2}']]);
  });

  it("settles a call whose result or error data is nested without end", async () => {
    const { transport, connection } = connected();
    const calls = range(2).map(() => outcomeOf(connection.call("a", {})));
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    const error = `{"code":-32000,"message":"no","data":${deep}}`;
    transport.receive(`{"id":1,"result":${deep}}`, `{"id":2,"error":${error}}`);
    await settled();
    expect(calls[0]).toHaveProperty("value");
    expect(calls[1]?.error).toMatchObject({ rpcCode: -32000 });
  });
});

describe("a hook that throws", () => {
  const bare: unknown = Object.create(null);
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  const thrown: [string, unknown][] = [
    ["an error", new Error("oops")],
    ["nothing", undefined],
    ["an object without a prototype", bare],
    ["a revoked proxy", revoked],
  ];
  const hooks: [keyof ConnectionEvents, object | string, string][] = [
    ["peek", { method: "m" }, "the quick scan of a message"],
    ["trace", { method: "m" }, "the traffic log"],
    ["notification", { method: "m" }, "the handler of the notification m"],
    ["request", { id: 0, method: "m" }, "the handler of the request m"],
    ["stray", "no JSON", "the report of an ignored message"],
  ];
  const cases = hooks.flatMap((hook) => thrown.map((one) => [...hook, ...one] as const));

  it.each(cases)("%s: is reported, and reading continues", async (...one) => {
    const [hook, message, what, , cause] = one;
    const { transport, connection, seen } = connected({
      [hook]: () => {
        throw cause;
      },
    });
    const call = connection.call("a", {});
    seen.length = 0;
    expect(() => transport.receive(message, { id: 1, result: "fine" })).not.toThrow();
    expect(seen[0]?.slice(0, 2)).toEqual(["failed", what]);
    expect(Object.is(seen[0]?.[2], cause)).toBe(true);
    expect(await call).toBe("fine");
  });

  it("peek: hasn't handled the message", () => {
    const { transport, seen } = connected({
      peek: () => {
        throw new Error("oops");
      },
    });
    transport.receive({ method: "m" });
    expect(seen.map(([kind]) => kind)).toEqual(["failed", "notification"]);
  });

  it("trace: doesn't prevent a message from being sent", () => {
    const { transport, connection } = connected({
      trace: () => {
        throw new Error("oops");
      },
    });
    connection.notify("n");
    expect(transport.messages).toEqual([{ method: "n" }]);
  });

  it("failed: stops nothing either", async () => {
    const fail = () => {
      throw undefined;
    };
    const { transport, connection } = connected({ notification: fail, failed: fail });
    const call = connection.call("a", {});
    transport.receive({ method: "m" }, { id: 1, result: "fine" });
    expect(await call).toBe("fine");
  });

  it("names a method of any length in a few characters", () => {
    const { transport, seen } = connected({
      notification: () => {
        throw new Error("oops");
      },
    });
    transport.receive({ method: "m".repeat(1_000_000) });
    expect(String(seen[0]?.[1]).length).toBeLessThan(200);
  });
});
