import { describe, expect, test } from "vitest";
import type { CodexWarning } from "../../../src/errors/warning.ts";
import { type Tool, tool } from "../../../src/input/tool.ts";
import { ToolSet } from "../../../src/input/tool-set.ts";
import type { DynamicToolCallResponse } from "../../../src/protocol/index.ts";
import { decodable, png } from "../../support/sample-images.ts";

const input = { type: "object", properties: {} };
const imageUrl = `data:image/png;base64,${png().toString("base64")}`;
const image = { type: "inputImage", imageUrl };

interface Outcome {
  readonly response: DynamicToolCallResponse;
  readonly warnings: readonly CodexWarning[];
}

async function callTool(made: Tool): Promise<Outcome> {
  const warnings: CodexWarning[] = [];
  const { signal } = new AbortController();
  const params = { threadId: "thr", turnId: "turn", callId: "call", namespace: null };
  const response = await new ToolSet([made]).call(
    { ...params, tool: "probe", arguments: {} },
    { signal, warn: (warning) => warnings.push(warning) },
  );
  return { response, warnings };
}

function returning(result: unknown): Promise<Outcome> {
  return callTool(tool({ name: "probe", description: "d", input, execute: () => result }));
}

class Point {
  readonly x = 1;
  readonly #hidden = 2;
  sum(): number {
    return this.x + this.#hidden;
  }
}
class Hidden {
  readonly #secret = 1;
  read(): number {
    return this.#secret;
  }
}

describe("values that JSON would lose are converted", () => {
  test.each<[string, unknown, unknown]>([
    [
      "a Map",
      new Map<string, unknown>([
        ["a", 1],
        ["b", new Map([["c", 2]])],
      ]),
      { a: 1, b: { c: 2 } },
    ],
    [
      "a Map with other keys",
      new Map<unknown, unknown>([
        [1, "a"],
        [{ b: 2 }, "c"],
      ]),
      [
        [1, "a"],
        [{ b: 2 }, "c"],
      ],
    ],
    ["a Map with a strange key", new Map([["__proto__", 1]]), JSON.parse('{"__proto__":1}')],
    ["a Set", new Set([1, "a"]), [1, "a"]],
    ["further in", { list: [new Set([1])], map: new Map() }, { list: [[1]], map: {} }],
    ["a Date", new Date(0), "1970-01-01T00:00:00.000Z"],
    ["an invalid Date", [new Date(Number.NaN)], ["Invalid Date"]],
    [
      "an Error further in",
      { error: new RangeError("no") },
      { error: { name: "RangeError", message: "no" } },
    ],
    [
      "an Error with members",
      [Object.assign(new Error("no"), { code: "ENOENT" })],
      [{ name: "Error", message: "no", code: "ENOENT" }],
    ],
    ["a bigint", 12n, 12],
    ["a large bigint", { id: 2n ** 64n }, { id: "18446744073709551616" }],
    ["NaN and Infinity", [Number.NaN, Number.POSITIVE_INFINITY, -0], ["NaN", "Infinity", 0]],
    ["an instance with members", new Point(), { x: 1 }],
    [
      "what has toJSON",
      [new URL("https://a.b/"), { toJSON: () => new Set([1]) }],
      ["https://a.b/", [1]],
    ],
    ["numbers in a typed array", new Float32Array([1, 0.5]), [1, 0.5]],
    ["a boxed number", [Object(5)], [5]],
    [
      "functions and undefined, as JSON does",
      { a: undefined, b: () => 1, c: [undefined] },
      { c: [null] },
    ],
    ["an object without a prototype", Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    ["the same object twice, which isn't a cycle", Array(2).fill(input), [input, input]],
    ["an empty object", {}, {}],
  ])("%s", async (_, result, expected) => {
    const { response, warnings } = await returning(result);
    expect(warnings).toEqual([]);
    expect(response.success).toBe(true);
    const [item] = response.contentItems;
    expect(JSON.parse(item?.type === "inputText" ? item.text : "")).toEqual(expected);
  });
});

describe("bytes of an image are an image", () => {
  const bytes = png();
  const copy = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  test.each<[string, unknown]>([
    ["a Buffer", bytes],
    ["a Uint8Array", new Uint8Array(bytes)],
    ["an ArrayBuffer", copy],
    ["a DataView", new DataView(copy as ArrayBuffer)],
  ])("in %s", async (_, result) => {
    expect(await returning(result)).toEqual({
      response: { success: true, contentItems: [image] },
      warnings: [],
    });
  });

  test("of all formats that the server reads, in a list with texts and content", async () => {
    const text = { type: "inputText", text: "and" };
    const { response } = await returning(["look", ...decodable.map(([, one]) => one), text]);
    expect(response.success).toBe(true);
    expect(response.contentItems).toHaveLength(decodable.length + 2);
    expect(response.contentItems.at(-1)).toEqual(text);
    const urls = response.contentItems.flatMap((item) => {
      return item.type === "inputImage" ? [item.imageUrl.slice(0, 16)] : [];
    });
    expect(new Set(urls)).toEqual(
      new Set(["data:image/png;b", "data:image/jpeg;", "data:image/gif;b", "data:image/webp;"]),
    );
  });
});

test("content items pass, one or many", async () => {
  const wav = Buffer.from("RIFF\0\0\0\0WAVEfmt ").toString("base64");
  const items = [
    { type: "inputText", text: "a" },
    image,
    { type: "inputImage", imageUrl: "https://example.com/a.png" },
    { type: "inputAudio", audioUrl: `data:audio/wav;base64,${wav}` },
  ];
  expect((await returning(items)).response).toEqual({ success: true, contentItems: items });
  expect((await returning(image)).response).toEqual({ success: true, contentItems: [image] });
});

const cycle: { self?: unknown } = {};
cycle.self = [cycle];
let deep: unknown = 1;
for (let level = 0; level < 5_000; level += 1) deep = [deep];

describe("a result that can't be sent fails with a warning", () => {
  test.each<[string, unknown, RegExp]>([
    [
      "bytes that aren't an image",
      new Uint8Array(5),
      /its result is an instance of Uint8Array: return an image's bytes alone or in a list, and other bytes as text/,
    ],
    [
      "bytes of an image further in",
      { shot: { data: png() } },
      /\.shot\.data in its result is an instance of Buffer: return an image's bytes alone/,
    ],
    [
      "an image that is cut off",
      png().subarray(0, 50),
      /the image in its result has content that is cut off/,
    ],
    [
      "an image that can't be decoded",
      { type: "inputImage", imageUrl: "data:image/png;base64,AAAA" },
      /has content that isn't a PNG/,
    ],
    [
      "an image by a path",
      { type: "inputImage", imageUrl: "a.png" },
      /must be a base64 data: URL, got "a.png"/,
    ],
    [
      "audio that isn't audio",
      { type: "inputAudio", audioUrl: "data:audio/wav;base64,AAAA" },
      /the audio in its result has content that isn't valid/,
    ],
    [
      "a cycle",
      { a: cycle },
      /\.a\.self\[0\] in its result contains itself, which JSON can't represent/,
    ],
    ["what is nested deeply", deep, /is nested more than 500 levels deep/],
    ["a function", () => 1, /its result is a function, which JSON can't represent/],
    ["a symbol", Symbol("a"), /its result is the symbol Symbol\(a\), which JSON can't represent/],
    [
      "an instance with nothing to show",
      new Hidden(),
      /its result is an instance of Hidden, which JSON can't represent: return plain data/,
    ],
    ["a generator", (function* () {})(), /which JSON can't represent/],
    [
      "what the web returns",
      { headers: new Headers({ a: "b" }) },
      /\.headers in its result is an instance of Headers, which JSON can't represent/,
    ],
    ["an expression", [/a/], /\[0\] in its result is an instance of RegExp/],
    [
      "a promise further in",
      { a: Promise.resolve(1) },
      /\.a in its result is an instance of Promise/,
    ],
    [
      "too much text",
      "x".repeat(70_000_000),
      /its result is 700000\d\d bytes long, but the server accepts at most 60000000: return less, or write it to a file/,
    ],
    [
      "too many bytes for as many characters",
      "\u0000".repeat(11_000_000),
      /its result is 660000\d\d bytes long/,
    ],
    [
      "too much in several items",
      Array(7).fill({ type: "inputText", text: "é".repeat(5_000_000) }),
      /its result is 70000\d\d\d bytes long/,
    ],
  ])("%s", async (_, result, message) => {
    const { response, warnings } = await returning(result);
    const text = expect.stringMatching(message);
    expect(response).toEqual({ success: false, contentItems: [{ type: "inputText", text }] });
    expect(warnings).toMatchObject([{ code: "TOOL_RESULT_UNUSABLE", message: text }]);
    expect(warnings[0]?.message).toMatch(/^Tool probe failed: /);
  });

  test.each<[string, () => unknown, RegExp]>([
    ["rejects", () => Promise.reject(new Error("mine")), /^Tool probe failed: mine$/],
    [
      "throws",
      () => {
        throw new Error("mine");
      },
      /^Tool probe failed: mine$/,
    ],
    ["answers nothing", () => undefined, /its call didn't return \{ success, contentItems \}/],
    [
      "answers something else",
      () => ({ success: true, contentItems: ["text"] }),
      /its call didn't return/,
    ],
    [
      "answers too much",
      () => ({
        success: true,
        contentItems: [{ type: "inputText", text: "x".repeat(70_000_000) }],
      }),
      /is 700000\d\d bytes long/,
    ],
  ])("a custom tool that %s", async (_, call, message) => {
    const spec = { name: "probe", description: "d", inputSchema: input };
    const { response, warnings } = await callTool({ spec, call } as unknown as Tool);
    expect(response).toMatchObject({
      success: false,
      contentItems: [{ text: expect.stringMatching(message) }],
    });
    expect(warnings).toHaveLength(1);
  });

  test("but there is none for an error that a tool throws or returns", async () => {
    const thrown = tool({
      name: "probe",
      description: "d",
      input,
      execute: () => Promise.reject(new Error("out of order")),
    });
    for (const outcome of [await callTool(thrown), await returning(new Error("out of order"))]) {
      expect(outcome.response).toMatchObject({
        success: false,
        contentItems: [{ text: "Tool probe failed: out of order" }],
      });
      expect(outcome.warnings).toEqual([]);
    }
  });
});
