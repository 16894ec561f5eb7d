import { expect, test } from "vitest";
import { AGUIConverter } from "../../../src/web/ag-ui/converter.ts";
import { eventStreamResponse } from "../../../src/web/event-stream.ts";
import { TurnParts } from "../../../src/web/parts/turn-parts.ts";
import { messagesOf } from "../../../src/web/ui-messages/history.ts";

/** More levels than `JSON.stringify` can write. */
function deep(): unknown {
  let value: unknown = "end";
  for (let level = 0; level < 100_000; level++) value = [value];
  return value;
}

const run = () => new AGUIConverter({ turnId: "t", threadId: "h", runId: "r" });

test("arguments that are nested too deeply for JSON don't end a run", () => {
  const converter = run();
  const call = { type: "dynamicToolCall", id: "c", tool: "x", status: "completed", success: true };
  const result = { type: "mcpToolCall", id: "m", server: "s", tool: "x", status: "completed" };
  const parts = new TurnParts("t");
  const events = [
    { ...call, arguments: deep() },
    { ...result, arguments: {}, result: { content: [], structuredContent: deep() } },
  ]
    .flatMap((item) => [...parts.take({ method: "item/completed", params: { item } })])
    .flatMap((part) => [...converter.convert(part)]);
  const names = events.map(({ type }) => type);
  expect(names.filter((name) => name === "TOOL_CALL_RESULT")).toHaveLength(2);
});

test("values that are nested too deeply for JSON don't end a stream", async () => {
  const values = new ReadableStream({
    start(controller) {
      controller.enqueue({ type: "tool-input-available", input: deep() });
      controller.enqueue({ type: "next" });
      controller.close();
    },
  });
  const text = await eventStreamResponse(values, {}).text();
  expect(text).toContain("tool-input-available");
  expect(text).toContain('data: {"type":"next"}');
});

test.each([
  ["an object without a text", { toString: 1, valueOf: 1 }],
  ["a list", [0]],
  ["a fraction", 0.5],
  ["a negative number", -1],
  ["a huge number", 1e9],
  ["nothing", undefined],
])("a delta of the reasoning whose index is %s is skipped", (_name, summaryIndex) => {
  const parts = new TurnParts("t");
  const item = { type: "reasoning", id: "r", summary: [], content: [] };
  const take = (method: string, params: object) => [...parts.take({ method, params })];
  take("item/started", { item });
  const delta = { itemId: "r", delta: "a", summaryIndex };
  expect(take("item/reasoning/summaryTextDelta", delta)).toEqual([]);
  const ended = take("item/completed", { item: { ...item, summary: ["whole"] } });
  expect(ended.flatMap((part) => (part.type === "textDelta" ? [part.delta] : []))).toEqual([
    "whole",
  ]);
});

test("a file of the user's message is one only if it is an image or audio", () => {
  const urls = ["data:image/png;base64,AA", "data:text/html,<script>", "data:audio/wav;base64,AA"];
  const content = urls.map((url) => ({ type: "image", url }));
  const items = [{ type: "userMessage", id: "u", content }];
  const [user] = messagesOf("h", { id: "t", status: "completed", items });
  expect(user?.parts.flatMap((part) => (part.type === "file" ? [part.url] : []))).toEqual([
    urls[0],
    urls[2],
  ]);
});
