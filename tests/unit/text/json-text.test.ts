import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonText, visibleJson, visibleJsonLine } from "../../../src/text/json-text.ts";
import { expectVisible, hostileJson, nested, withProto } from "../../support/hostile.ts";

describe("visibleJson", () => {
  it("puts each member on a line, and small containers on one", () => {
    const value = { name: "x", many: [1, 2, 3, 4, 5], inner: { a: [], b: {} } };
    expect(visibleJson(value)).toBe(
      '{\n  "name": "x",\n  "many": [\n    1,\n    2,\n    3,\n    4,\n    5\n  ],\n' +
        '  "inner": {\n    "a": [],\n    "b": {}\n  }\n}',
    );
    expect(visibleJsonLine(value)).toBe('{"name":"x","many":[1,2,3,4,5],"inner":{"a":[],"b":{}}}');
  });

  it("escapes what a screen hides, as JSON does", () => {
    expect(visibleJson({ "a\u200b": "\r\x1b\x9b\u202e\u3164\u{e0041}\ud800é" })).toBe(
      '{"a\\u200b":"\\r\\u001b\\u009b\\u202e\\u3164\\udb40\\udc41\\ud800é"}',
    );
  });

  it("is visible, and parses to the exact value, for any value", () => {
    fc.assert(
      fc.property(hostileJson, (value) => {
        for (const shown of [visibleJson(value), visibleJsonLine(value)]) {
          expectVisible(shown);
          // `toStrictEqual` would take a member named `constructor` for the value's class.
          expect(isDeepStrictEqual(JSON.parse(shown), value)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("keeps own members of prototype names, infinities and negative zero", () => {
    expect(visibleJsonLine(withProto({ a: 1 }))).toBe('{"__proto__":{"a":1}}');
    expect(visibleJsonLine([JSON.parse("1e400"), -0])).toBe("[1e999,-0]");
  });

  it("has no limit of depth, and takes no quadratic space", () => {
    const shown = visibleJson(nested(50_000));
    expect(shown.length).toBeLessThan(150_000);
    expect(jsonText(nested(50_000))).toBe("[".repeat(50_000) + "]".repeat(50_000));
  });
});

describe("jsonText", () => {
  it("is JSON.stringify", () => {
    const value = { a: [1, "\u200b", null, true], b: { c: -1.5e-7 } };
    expect(jsonText(value)).toBe(JSON.stringify(value));
    expect(jsonText(undefined)).toBe("null");
  });
});
