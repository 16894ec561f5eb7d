import { afterEach, beforeEach, expect, test } from "vitest";
import {
  command,
  cut,
  delay,
  events,
  failure,
  functionCall,
  incomplete,
  malformed,
  patch,
  type Reply,
  reasoning,
  reply,
  ScriptedModel,
  text,
  unfinished,
  usage,
} from "../../../src/testing/index.ts";
import { ask, deltas, eventsOf, type SseEvent } from "../../support/responses-api.ts";

let model: ScriptedModel;
beforeEach(async () => {
  model = await ScriptedModel.start();
});
afterEach(() => model.close());

async function answerTo(script: Reply): Promise<SseEvent[]> {
  model.enqueue(script);
  return eventsOf(await ask(model));
}

const types = (list: readonly SseEvent[]) => list.map((event) => event.type);
const doneItems = (list: readonly SseEvent[]) =>
  list.filter((event) => event.type === "response.output_item.done").map((event) => event.item);

test("a string is a whole response with one message", async () => {
  const list = await answerTo("Hello");
  expect(types(list)).toEqual([
    "response.created",
    "response.output_item.added",
    "response.output_text.delta",
    "response.output_item.done",
    "response.completed",
  ]);
  expect(doneItems(list)).toMatchObject([
    { type: "message", role: "assistant", content: [{ type: "output_text", text: "Hello" }] },
  ]);
  expect(list.at(-1)?.response).toMatchObject({
    id: list[0]?.response.id,
    usage: { input_tokens: 10, output_tokens: 5, total_tokens: 15 },
  });
});

test("deltas stay separate and add up to the item's text, for any content", async () => {
  const parts = ["he", 'l"lo\n\n', "data: x", "é☃"];
  const list = await answerTo(text(parts, { phase: "commentary" }));
  expect(deltas(list)).toEqual(parts);
  expect(doneItems(list)).toMatchObject([
    { phase: "commentary", content: [{ text: parts.join("") }] },
  ]);
});

test("the parts of a reply are output items of one response, in their order", async () => {
  const list = await answerTo(
    reply(
      reasoning(["h", "m"], { raw: "because" }),
      "first",
      command("ls", { escalate: "to see", args: { workdir: "/srv" }, callId: "c1" }),
      patch("*** Begin Patch"),
      functionCall("look", { a: 1 }),
      functionCall("look", "{no json"),
    ),
  );
  const items = doneItems(list);
  expect(items).toMatchObject([
    {
      type: "reasoning",
      summary: [{ type: "summary_text", text: "hm" }],
      content: [{ type: "reasoning_text", text: "because" }],
    },
    { type: "message" },
    { type: "function_call", name: "exec_command", call_id: "c1" },
    { type: "custom_tool_call", name: "apply_patch", input: "*** Begin Patch" },
    { type: "function_call", name: "look", arguments: '{"a":1}' },
    { type: "function_call", name: "look", arguments: "{no json" },
  ]);
  expect(JSON.parse(items[2].arguments)).toEqual({
    cmd: "ls",
    sandbox_permissions: "require_escalated",
    justification: "to see",
    workdir: "/srv",
  });
  const indexes = list.filter((e) => e.type === "response.output_item.done");
  expect(indexes.map((event) => event.output_index)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(new Set(items.map((item) => item.id)).size).toBe(6);
  expect(types(list).filter((type) => type === "response.completed")).toHaveLength(1);
});

test("a reused part has new ids", async () => {
  const call = command("ls");
  const [first] = doneItems(await answerTo(call));
  const [second] = doneItems(await answerTo(call));
  expect(second.call_id).not.toBe(first.call_id);
});

test("usage is what the model reported", async () => {
  const tokens = {
    inputTokens: 100,
    cachedInputTokens: 40,
    outputTokens: 20,
    reasoningOutputTokens: 7,
  };
  const list = await answerTo(reply(usage(tokens), "x"));
  expect(list.at(-1)?.response.usage).toEqual({
    input_tokens: 100,
    input_tokens_details: { cached_tokens: 40 },
    output_tokens: 20,
    output_tokens_details: { reasoning_tokens: 7 },
    total_tokens: 120,
  });
});

test("custom events, gates and delays can be between other parts", async () => {
  const list = await answerTo(
    reply(events({ type: "response.made_up", n: 1 }), delay(1), text(["a", "b"], { delayMs: 1 })),
  );
  expect(list[1]).toEqual({ type: "response.made_up", n: 1 });
  expect(deltas(list)).toEqual(["a", "b"]);
});

test("a failure is an HTTP response with its status, body and headers", async () => {
  model.enqueue(failure(429, { error: "slow" }, { "retry-after": "7" }), failure(500, "plain"));
  const first = await ask(model);
  expect([first.status, first.headers.get("retry-after")]).toEqual([429, "7"]);
  expect(await first.json()).toEqual({ error: "slow" });
  const second = await ask(model);
  expect([second.status, await second.text()]).toEqual([500, "plain"]);
});

test.each([
  ["failure.event", failure.event("server_error", "boom"), "response.failed"],
  ["incomplete", incomplete(), "response.incomplete"],
  ["unfinished", unfinished(), "response.output_item.done"],
])("%s ends the response: nothing after it is sent", async (_name, end, lastType) => {
  const list = await answerTo(reply("before", end, "after"));
  expect(deltas(list)).toEqual(["before"]);
  expect(list.at(-1)?.type).toBe(lastType);
});

test("a cut sends what precedes it, then breaks the connection", async () => {
  model.enqueue(reply("before", cut(), "after"));
  const response = await ask(model);
  const received: string[] = [];
  const read = async (): Promise<void> => {
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const chunk = await reader?.read();
      if (chunk === undefined || chunk.done) return;
      received.push(chunk.value);
    }
  };
  await expect(read()).rejects.toThrow("terminated");
  expect(received.join("")).toContain("before");
  expect(received.join("")).not.toContain("after");
  expect(await model.requests[0]?.ended).toBe("answered");
});

test("a malformed event can follow and precede good ones", async () => {
  const list = await answerTo(reply("a", malformed("{oops"), "b"));
  expect(list.find((event) => event.type === "malformed")?.data).toBe("{oops");
  expect(deltas(list)).toEqual(["a", "b"]);
});

test("a part that throws fails the response with its message", async () => {
  const broken = text({
    *[Symbol.iterator]() {
      yield "a";
      throw new Error("no more words");
    },
  });
  const list = await answerTo(broken);
  expect(list.at(-1)).toMatchObject({
    type: "response.failed",
    response: { error: { message: expect.stringContaining("no more words") } },
  });
});

test("deltas are generated only as fast as they are read", async () => {
  let made = 0;
  function* endless(): Generator<string> {
    for (;;) {
      made += 1;
      yield "x".repeat(1000);
    }
  }
  model.enqueue(text(endless()));
  const response = await ask(model);
  const reader = response.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  expect(await model.requests[0]?.ended).toBe("aborted");
  expect(made).toBeLessThan(50_000);
});

test("200,000 deltas arrive completely", async () => {
  function* numbers(): Generator<string> {
    for (let n = 0; n < 200_000; n += 1) yield `${n} `;
  }
  const list = await answerTo(text(numbers()));
  expect(deltas(list)).toHaveLength(200_000);
  expect(doneItems(list)[0].content[0].text).toBe([...numbers()].join(""));
});
