import { expect, test } from "vitest";
import { command, failure, patch, reply, text, usage } from "../../../src/testing/index.ts";
import { dropIn, eventsOf } from "../../support/codex-sdk.ts";
import { failureOf } from "../../support/e2e.ts";

const TOKENS = {
  input_tokens: 42,
  cached_input_tokens: 12,
  cache_write_input_tokens: 0,
  output_tokens: 5,
  reasoning_output_tokens: 0,
};
const reported = usage({ inputTokens: 42, cachedInputTokens: 12, outputTokens: 5 });
const schema = {
  type: "object",
  properties: { answer: { type: "string" } },
  required: ["answer"],
  additionalProperties: false,
} as const;

test("run resolves with the items, the last message and the tokens", async () => {
  const { thread } = await dropIn([reply("Hi!", reported)]);
  const conversation = thread();
  expect(conversation.id).toBeNull();
  expect(await conversation.run("Hello, world!")).toEqual({
    items: [{ id: "item_0", type: "agent_message", text: "Hi!" }],
    finalResponse: "Hi!",
    usage: TOKENS,
  });
  expect(conversation.id).toEqual(expect.any(String));
});

test("runStreamed yields the events of a turn in order", async () => {
  const { thread } = await dropIn([command("echo one; exit 3"), reply("Hi!", reported)]);
  const conversation = thread({ sandboxMode: "danger-full-access" });
  const run = {
    id: "item_0",
    type: "command_execution",
    command: expect.stringContaining("echo one"),
  };
  expect(await eventsOf(conversation, "Hello, world!")).toEqual([
    { type: "thread.started", thread_id: conversation.id },
    { type: "turn.started" },
    {
      type: "item.started",
      item: { ...run, aggregated_output: "", exit_code: null, status: "in_progress" },
    },
    {
      type: "item.completed",
      item: { ...run, aggregated_output: "one\n", exit_code: 3, status: "failed" },
    },
    { type: "item.completed", item: { id: "item_1", type: "agent_message", text: "Hi!" } },
    {
      type: "turn.completed",
      usage: { ...TOKENS, input_tokens: 52, output_tokens: 10 },
    },
  ]);
});

test("files that the agent changes are shown when it starts and when it has changed them", async () => {
  const added = ["*** Begin Patch", "*** Add File: a.txt", "+one", "*** End Patch"].join("\n");
  const { thread } = await dropIn([patch(added), "Done."]);
  const { items } = await thread({ sandboxMode: "danger-full-access" }).run("Add a file.");
  expect(items[0]).toEqual({
    id: "item_0",
    type: "file_change",
    changes: [{ path: expect.stringContaining("a.txt"), kind: "add" }],
    status: "completed",
  });
});

test.each(["run", "runStreamed"] as const)("a second %s continues the thread", async (how) => {
  const { thread, model } = await dropIn(["First response", "Second response"]);
  const conversation = thread();
  for (const input of ["first input", "second input"]) {
    if (how === "run") await conversation.run(input);
    else await eventsOf(conversation, input);
  }
  expect(saidIn(model.requests[1]?.input)).toEqual([
    "user: first input",
    "assistant: First response",
    "user: second input",
  ]);
});

test.each(["run", "runStreamed"] as const)("%s resumes a thread by its id", async (how) => {
  const { codex, cwd, model } = await dropIn(["First response", "Second response"]);
  const client = codex();
  const first = client.startThread({ workingDirectory: cwd });
  await first.run("first input");
  const resumed = client.resumeThread(String(first.id), { workingDirectory: cwd });
  if (how === "run") {
    expect((await resumed.run("second input")).finalResponse).toBe("Second response");
  } else {
    const [started] = await eventsOf(resumed, "second input");
    expect(started).toEqual({ type: "thread.started", thread_id: first.id });
  }
  expect(resumed.id).toBe(first.id);
  expect(saidIn(model.requests[1]?.input)).toContain("assistant: First response");
});

test.each(["run", "runStreamed"] as const)("%s sends the schema of the answer", async (how) => {
  const { thread, model } = await dropIn(['{"answer":"yes"}', "Plain."]);
  const conversation = thread();
  if (how === "run") await conversation.run("structured", { outputSchema: schema });
  else await eventsOf(conversation, "structured", { outputSchema: schema });
  await conversation.run("plain");
  const formats = model.requests.map(({ body }) => (body.text as { format?: unknown }).format);
  const format = { name: "codex_output_schema", type: "json_schema", strict: true, schema };
  expect(formats).toEqual([format, undefined]);
});

test("several texts are joined by a blank line", async () => {
  const { thread, model } = await dropIn(["Done."]);
  await thread().run([
    { type: "text", text: "Describe file changes" },
    { type: "text", text: "Focus on impacted tests" },
  ]);
  expect(model.requests[0]?.userText).toBe("Describe file changes\n\nFocus on impacted tests");
});

test("the final response is the last message, regardless of its phase", async () => {
  const answer = text("The answer.", { phase: "final_answer" });
  const { thread } = await dropIn([reply(answer, text("A remark.", { phase: "commentary" }))]);
  expect((await thread().run("Answer.")).finalResponse).toBe("A remark.");
});

test("a failed turn throws the server's message from run", async () => {
  const { thread } = await dropIn([failure.event("invalid_prompt", "no such thing"), "Fine."]);
  const conversation = thread();
  const error = await failureOf(conversation.run("fail"));
  expect(error.message).toBe("no such thing");
  expect(error.constructor).toBe(Error);
  expect((await conversation.run("go on")).finalResponse).toBe("Fine.");
});

test("a failed turn yields error and turn.failed from runStreamed, which then throws", async () => {
  const { thread } = await dropIn([failure.event("invalid_prompt", "no such thing")]);
  const { events } = await thread().runStreamed("fail");
  const seen: string[] = [];
  const reading = (async () => {
    for await (const { type } of events) seen.push(type);
  })();
  expect((await failureOf(reading)).message).toBe("Codex Exec exited with code 1: no such thing");
  expect(seen).toEqual(["thread.started", "turn.started", "error", "turn.failed"]);
});

test("turns of different threads run at once on one server", async () => {
  const { codex, cwd } = await dropIn(({ userText }) => `Answer to ${userText}`);
  const client = codex();
  const inputs = ["one", "two", "three", "four"];
  const results = await Promise.all(
    inputs.map((input) => client.startThread({ workingDirectory: cwd }).run(input)),
  );
  expect(results.map(({ finalResponse }) => finalResponse)).toEqual(
    inputs.map((input) => `Answer to ${input}`),
  );
});

test("two runs of one thread wait for each other", async () => {
  const { thread, model } = await dropIn(({ userText }) => `Answer to ${userText}`);
  const conversation = thread();
  await conversation.run("zero");
  const results = await Promise.all([conversation.run("one"), conversation.run("two")]);
  expect(results.map(({ finalResponse }) => finalResponse)).toEqual([
    "Answer to one",
    "Answer to two",
  ]);
  expect(saidIn(model.requests[2]?.input)).toContain("assistant: Answer to one");
});

test("a run needn't wait for the reader of an earlier one", async () => {
  const { thread } = await dropIn(["One.", "Two."]);
  const conversation = thread();
  const { events } = await conversation.runStreamed("one");
  await events.next();
  expect((await conversation.run("two")).finalResponse).toBe("Two.");
});

/** Who said what, without what the server adds. */
function saidIn(input: readonly { type: string; [field: string]: unknown }[] = []): string[] {
  return input
    .filter(({ type, role }) => type === "message" && role !== "developer")
    .map(({ role, content }) => `${role}: ${(content as { text: string }[]).at(-1)?.text}`)
    .filter((line) => !line.includes("<environment_context>"));
}
