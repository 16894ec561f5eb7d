import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  classify,
  encodeError,
  encodeNotification,
  encodeRequest,
  encodeResult,
} from "../../../src/rpc/messages.ts";

describe("classify", () => {
  it.each([
    [{ id: 0, method: "m", params: {} }, "request"],
    [{ id: "x", method: "m" }, "request"],
    [{ id: 1, method: "m", params: null }, "request"],
    [{ method: "m", params: {} }, "notification"],
    [{ method: "m", params: null }, "notification"],
    [{ id: 1, result: null }, "response"],
    [{ id: 1, result: 1, error: null }, "response"],
    [{ id: 0, error: { code: 1, message: "no" } }, "response"],
    [{ id: null, method: "m" }, "malformed"],
    [{ id: [1], method: "m" }, "malformed"],
    [{ id: null, result: 1 }, "malformed"],
    [{ id: [1], result: 1 }, "malformed"],
    [{ method: 5 }, "malformed"],
    [{ method: null, id: 1 }, "malformed"],
    [{ result: 1 }, "malformed"],
    [{}, "malformed"],
    [[], "malformed"],
    [[{ id: 1, result: 1 }], "malformed"],
    [null, "malformed"],
    ["x", "malformed"],
    [1, "malformed"],
  ])("classifies %j as a %s", (message, kind) => {
    const incoming = classify(JSON.stringify(message));
    expect(incoming.kind).toBe(kind);
    expect(incoming).not.toHaveProperty("flaw");
  });

  it.each([
    [{ id: 1 }, -32603, "neither a result nor an error"],
    [{ id: 1, error: null }, -32603, "neither a result nor an error"],
    [{ id: 1, error: "no" }, -32603, 'is malformed: the string "no"'],
    [{ id: 1, error: 5 }, -32603, "is malformed: the number 5"],
    [{ id: 1, error: [] }, -32603, "is malformed: an array"],
    [{ id: 1, error: {} }, -32603, "is malformed: an object"],
    [{ id: 1, error: { message: "no" } }, -32603, "is malformed: no"],
    [{ id: 1, error: { code: "1", message: "no" } }, -32603, "is malformed: no"],
    [{ id: 1, error: { code: -32001 } }, -32001, "is malformed"],
    [{ id: 1, error: { code: 7, message: null } }, 7, "is malformed"],
    [{ id: 1, error: { code: null, message: null, data: null } }, -32603, "is malformed"],
    [{ id: 1, result: 1, error: {} }, -32603, "is malformed"],
  ])("makes a readable error of %j", (message, code, says) => {
    const incoming = classify(JSON.stringify(message));
    if (incoming.kind !== "response") throw new Error(`it is a ${incoming.kind}`);
    expect(incoming.message.id).toBe(1);
    expect(incoming.message.error?.code).toBe(code);
    expect(incoming.message.error?.message).toContain(says);
    expect(incoming.flaw).toBeTypeOf("string");
  });

  it("keeps the data of an otherwise malformed error", () => {
    const incoming = classify('{"id":1,"error":{"data":{"why":"so"}}}');
    expect(incoming).toMatchObject({ message: { error: { data: { why: "so" } } } });
  });

  it("classifies text that isn't JSON, or is nested endlessly", () => {
    expect(classify('{"a":').kind).toBe("malformed");
    expect(classify("").kind).toBe("malformed");
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    expect(classify(deep).kind).toBe("malformed");
    expect(classify(`{"method":"m","params":${deep}}`).kind).toBe("notification");
    expect(classify(`{"id":1,"error":${deep}}`).kind).toBe("response");
  });

  it("doesn't throw for any JSON text", () => {
    const member = fc.constantFrom("id", "method", "result", "error", "params");
    const message = fc.dictionary(member, fc.jsonValue());
    fc.assert(fc.property(message, (value) => void classify(JSON.stringify(value))));
  });
});

describe("an encoded message", () => {
  it("has the same content, with characters that UTF-8 can't represent replaced", () => {
    const anyCode = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
    fc.assert(
      fc.property(fc.string({ unit: anyCode }), (text) => {
        const request = JSON.parse(encodeRequest(1, text, { text }));
        const readable = Buffer.from(text).toString();
        expect(request).toEqual({ id: 1, method: readable, params: { text: readable } });
        expect(JSON.parse(encodeResult("é", { text })).result.text).toBe(readable);
      }),
    );
  });

  it("keeps an escape that is part of the text", () => {
    const text = "\\ud83d \ud83d \\\\\ud83d";
    expect(JSON.parse(encodeResult(0, text)).result).toBe("\\ud83d \ufffd \\\\\ufffd");
  });

  it("always has the members that the server requires", () => {
    expect(encodeRequest(1, "m", undefined)).toBe('{"id":1,"method":"m","params":{}}');
    expect(encodeRequest(1, "m", null)).toBe('{"id":1,"method":"m","params":{}}');
    expect(encodeResult(0, undefined)).toBe('{"id":0,"result":null}');
    expect(encodeNotification("m", undefined)).toBe('{"method":"m"}');
    expect(encodeNotification("m", { a: 1 })).toBe('{"method":"m","params":{"a":1}}');
    expect(encodeError("x", { code: 1, message: "no" })).toBe(
      '{"id":"x","error":{"code":1,"message":"no"}}',
    );
  });

  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  let deep: unknown[] = [];
  for (let depth = 0; depth < 20_000; depth++) deep = [deep];
  const throwing = {
    toJSON() {
      throw Object.create(null);
    },
  };
  it.each([
    ["a cycle", cyclic, "circular"],
    ["a bigint", { n: 1n }, "BigInt"],
    ["what is too deep", deep, "call stack"],
    ["a toJSON that throws", throwing, "an object"],
    ["a toJSON that gives nothing", { toJSON: () => undefined }, "got an object"],
    ["a function", () => {}, "got a function"],
    ["a symbol", Symbol("s"), "got the symbol Symbol(s)"],
  ])("refuses %s with a TypeError that says so", (_, value, says) => {
    for (const encode of [encodeResult, (id: number, it: unknown) => encodeRequest(id, "m", it)]) {
      expect(() => encode(1, value)).toThrow(TypeError);
      expect(() => encode(1, value)).toThrow(says);
    }
  });
});
