import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classify, encode } from "../../../src/rpc/messages.ts";

describe("classify", () => {
  it.each([
    [{ id: 0, method: "m", params: {} }, "request"],
    [{ id: "x", method: "m" }, "request"],
    [{ method: "m", params: {} }, "notification"],
    [{ id: 1, result: null }, "response"],
    [{ id: 0, error: { code: 1, message: "no" } }, "response"],
    [{ id: 1 }, "malformed"],
    [{ id: 1, error: "no" }, "malformed"],
    [{ id: null, method: "m" }, "malformed"],
    [{ method: 5 }, "malformed"],
    [{}, "malformed"],
    [[], "malformed"],
    [null, "malformed"],
    ["x", "malformed"],
  ])("tells what %j is: a %s", (message, kind) => {
    expect(classify(JSON.stringify(message)).kind).toBe(kind);
  });

  it("says of text that is no JSON that it is malformed", () => {
    expect(classify('{"a":').kind).toBe("malformed");
  });
});

describe("encode", () => {
  it("gives JSON that says the same, with what no UTF-8 can hold replaced", () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
        }),
        (text) => {
          expect(JSON.parse(encode({ text })).text).toBe(Buffer.from(text).toString());
        },
      ),
    );
  });

  it("keeps an escape that the text itself spells", () => {
    expect(JSON.parse(encode({ text: "\\ud83d \ud83d \\\\\ud83d" })).text).toBe(
      "\\ud83d \ufffd \\\\\ufffd",
    );
  });
});
