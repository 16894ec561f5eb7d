import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CodexError, CodexWarning } from "../../src/index.ts";
import { prepareOutput } from "../../src/input/output-schema.ts";
import type { Schema } from "../../src/input/schema.ts";
import { classify } from "../../src/rpc/messages.ts";
import { safeLines, safeMessage } from "../../src/text/secrets.ts";
import { LineSplitter, LineTooLong } from "../../src/transport/lines.ts";
import { fakeClient, turnStarted } from "../support/fake.ts";
import { expectVisible, hostileJson, hostileText, nested } from "../support/hostile.ts";

const numRuns = Number(process.env.FUZZ_SEEDS ?? 100);
const timeout = 30_000 + 200 * numRuns;

const NAMES = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "then", ""];
const name = fc.oneof(fc.constantFrom(...NAMES), hostileText);

/** Values in places where a string, an object or a number is expected; "deep" is replaced later. */
const odd: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  hostileJson,
  fc.constantFrom(null, true, 0, -0, 1.5, 2 ** 53, "deep"),
  hostileText.map((text) => text.repeat(300)),
  fc.array(hostileText, { maxLength: 3 }),
  fc.dictionary(name, hostileText, { maxKeys: 3 }),
);

/**
 * The JSON text of a value whose own members can have any name; "deep" becomes 3,000 nested levels.
 */
function textOf(value: unknown): string {
  const deep = JSON.stringify(nested(3_000));
  return JSON.stringify(value).replaceAll('"deep"', deep);
}

describe("framing", () => {
  const bytes = fc
    .array(
      fc.oneof(
        fc.uint8Array({ maxLength: 20 }),
        hostileText.map((text) => Buffer.from(text)),
        fc.constantFrom("\n", "\r\n", "\n\n", '{"id":1}', "\ufeff", "[").map((s) => Buffer.from(s)),
        fc.constantFrom([0xff], [0xc3], [0xe2, 0x82], [0xf0, 0x9f, 0x98]).map(Buffer.from),
      ),
      { maxLength: 40 },
    )
    .map((parts) => Buffer.concat(parts));

  it("returns the same lines wherever the bytes are cut, and loses none", { timeout }, () => {
    fc.assert(
      fc.property(bytes, fc.array(fc.integer({ min: 1, max: 30 })), (all, sizes) => {
        const lines: string[] = [];
        const splitter = new LineSplitter((line) => lines.push(line));
        let at = 0;
        for (const size of sizes) {
          splitter.push(all.subarray(at, at + size));
          at += size;
        }
        splitter.push(all.subarray(at));
        splitter.end();
        const expected = all.toString("utf8").split("\n");
        expect(lines).toEqual(expected.filter((line) => line !== "" && line !== "\r"));
        for (const line of lines) classify(line);
      }),
      { numRuns },
    );
  });

  it("ends with exactly one error, at the limit", { timeout }, () => {
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 60 }), (all, limit) => {
        const lines: string[] = [];
        const splitter = new LineSplitter((line) => lines.push(line), limit);
        try {
          for (const byte of all) splitter.push(Buffer.of(byte));
          splitter.end();
        } catch (error) {
          expect(error).toBeInstanceOf(LineTooLong);
        }
        for (const line of lines) {
          const invalid = line.split("\ufffd").length - 1;
          expect(Buffer.byteLength(line) - 2 * invalid).toBeLessThanOrEqual(limit);
        }
      }),
      { numRuns },
    );
  });
});

describe("messages of errors and warnings", () => {
  it("are visible, bounded and keep their lines", { timeout }, () => {
    fc.assert(
      fc.property(fc.array(hostileText, { maxLength: 6 }), (texts) => {
        const text = texts.join("\n");
        for (const message of [
          safeMessage(text),
          new CodexError(text).message,
          new CodexWarning("STRAY_MESSAGE", text).message,
          safeMessage(text.repeat(2_000)),
        ]) {
          expectVisible(message);
          expect(message.length).toBeLessThan(16_100);
        }
        for (const line of safeLines(texts)) {
          expectVisible(line);
          expect(line).not.toContain("\n");
        }
      }),
      { numRuns },
    );
  });
});

describe("validators", () => {
  const schemas: Schema[] = [
    { type: "object" },
    { type: "array", uniqueItems: true },
    { anyOf: [{ type: "string", pattern: "^(a+)+$", format: "email" }, { type: "number" }] },
    { additionalProperties: { type: "string", maxLength: 3 }, propertyNames: { minLength: 1 } },
    { type: "object", properties: { constructor: { type: "string" } }, required: ["toString"] },
    { $ref: "#/$defs/a", $defs: { a: { items: { $ref: "#/$defs/a" }, const: {} } } },
  ];

  it("check every answer, change none, and let no prototype through", { timeout }, async () => {
    await fc.assert(
      fc.asyncProperty(
        odd,
        fc.constantFrom(...schemas),
        hostileText,
        async (value, schema, raw) => {
          const prepared = prepareOutput(schema, { strict: false });
          expect((await prepared.parse(raw)) ?? {}).toBeTypeOf("object");
          const text = textOf(value);
          const result = await prepared.parse(text);
          if (result.issues) expect(result.issues.length).toBeGreaterThan(0);
          else expect(result.value).toEqual(withoutProto(JSON.parse(text)));
        },
      ),
      { numRuns },
    );
  });
});

function withoutProto(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (key, member) =>
    key === "__proto__" ? undefined : member,
  );
}

describe("a client on a hostile server", () => {
  const METHODS = [
    ...["turn/started", "turn/completed", "item/started", "item/completed", "error", "warning"],
    ...["item/agentMessage/delta", "thread/status/changed", "serverRequest/resolved"],
    ...["thread/tokenUsage/updated", "thread/started", "configWarning", "thread/closed"],
    ...["item/commandExecution/requestApproval", "item/fileChange/requestApproval"],
    ...["item/permissions/requestApproval", "mcpServer/elicitation/request", "item/tool/call"],
    ...["item/tool/requestUserInput", "currentTime/read", "execCommandApproval"],
  ];
  const id = fc.oneof(fc.constantFrom("u1", "t1", "t2"), odd);
  const turn = fc.record({ id, status: odd, items: odd, error: odd }, { requiredKeys: [] });
  const item = fc.record(
    { id, type: fc.oneof(fc.constantFrom("agentMessage", "mcpToolCall"), odd), text: odd },
    { requiredKeys: [] },
  );
  const params = fc.oneof(
    odd,
    fc.record(
      {
        threadId: id,
        turnId: id,
        itemId: id,
        turn: fc.oneof(turn, odd),
        item: fc.oneof(item, odd),
        delta: odd,
        status: odd,
        message: odd,
        questions: odd,
        permissions: odd,
        availableDecisions: odd,
        tool: odd,
        arguments: odd,
        _meta: odd,
        requestId: odd,
        tokenUsage: odd,
        thread: odd,
      },
      { requiredKeys: [] },
    ),
  );
  const message = fc.oneof(
    fc.record(
      { id: odd, method: fc.oneof(fc.constantFrom(...METHODS), odd), params, result: odd },
      { requiredKeys: ["method", "params"] },
    ),
    fc.record({ id: odd, result: odd, error: odd }, { requiredKeys: [] }),
    odd,
  );

  it("survives, and reports only text that is safe to read", { timeout }, async () => {
    const uncaught: unknown[] = [];
    const listen = (error: unknown) => uncaught.push(error);
    process.on("unhandledRejection", listen);
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 12 }), hostileText, async (messages, raw) => {
        const { codex, server, warnings } = fakeClient({ approvals: { command: "accept" } });
        server.answer("model/list", () => ({ data: [] }));
        server.answer("thread/read", () => ({ thread: {} }));
        const thread = await codex.threadStart();
        const starting = thread.turn("hi");
        starting.catch(() => {});
        (await server.request("turn/start")).respond({ turn: { id: "u1" } });
        server.notify(...turnStarted("t1", "u1"));
        for (const one of messages) server.sendText(textOf(one));
        server.sendText(raw);
        expect(await codex.modelList()).toEqual({ data: [] });
        for (const { message } of warnings) expectVisible(message);
        expect(({} as Record<string, unknown>).polluted).toBeUndefined();
        await codex.close();
      }),
      { numRuns },
    );
    await new Promise(setImmediate);
    process.off("unhandledRejection", listen);
    expect(uncaught).toEqual([]);
  });
});
