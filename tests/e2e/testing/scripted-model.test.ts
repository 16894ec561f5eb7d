import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import {
  command,
  cut,
  events,
  failure,
  functionCall,
  Gate,
  type IsolatedHome,
  incomplete,
  isolatedHome,
  malformed,
  patch,
  type Reply,
  reasoning,
  reply,
  ScriptedModel,
  scriptedConfig,
  text,
  unfinished,
  usage,
} from "../../../src/testing/index.ts";
import {
  type TemporaryDirectory,
  temporaryDirectory,
} from "../../../src/testing/temporary-directory.ts";
import { RawClient, type WireMessage } from "../../support/raw-client.ts";

let model: ScriptedModel;
let home: IsolatedHome;
let workspace: TemporaryDirectory;
let cwd: string;
let client: RawClient;

beforeAll(async () => {
  model = await ScriptedModel.start();
  home = await isolatedHome(scriptedConfig(model.url));
  workspace = await temporaryDirectory("codex-cwd-");
  cwd = workspace.path;
  vi.stubEnv("OPENAI_API_KEY", "leaked");
  vi.stubEnv("HTTP_PROXY", "http://127.0.0.1:9");
  client = await RawClient.start(home.env);
  client.answer = ({ method }) =>
    method === "item/tool/call"
      ? { contentItems: [{ type: "inputText", text: "tool says 42" }], success: true }
      : { decision: "accept" };
});

afterAll(async () => {
  await client.close();
  await model.close();
  await home[Symbol.asyncDispose]();
  await workspace[Symbol.asyncDispose]();
});

async function startThread(params: object = {}): Promise<string> {
  const defaults = { cwd, approvalPolicy: "on-request", sandbox: "danger-full-access" };
  const { thread } = await client.request("thread/start", { ...defaults, ...params });
  return thread.id;
}

async function startTurn(threadId: string, userText = "hi"): Promise<string> {
  const input = [{ type: "text", text: userText, text_elements: [] }];
  return (await client.request("turn/start", { threadId, input })).turn.id;
}

interface Outcome {
  readonly turn: WireMessage["params"];
  /** Everything that the server sent about the thread. */
  readonly messages: readonly WireMessage[];
  /** The items that completed, without the user's. */
  readonly items: readonly WireMessage["params"][];
}

/** Runs one turn of a new thread on these replies. */
async function turnOn(replies: readonly Reply[], params?: object): Promise<Outcome> {
  model.enqueue(...replies);
  const threadId = await startThread(params);
  await startTurn(threadId);
  const done = await client.waitFor("turn/completed", (p) => p.threadId === threadId);
  const messages = client.received.filter((message) => message.params?.threadId === threadId);
  const items = messages
    .filter((message) => message.method === "item/completed")
    .map((message) => message.params.item)
    .filter((item) => item.type !== "userMessage");
  return { turn: done.params.turn, messages, items };
}

function deltasOf(outcome: Outcome, method: string): string[] {
  return outcome.messages.filter((m) => m.method === method).map((m) => m.params.delta);
}

test("text, its deltas and its phase", async () => {
  const outcome = await turnOn([
    reply(
      text("thinking aloud", { phase: "commentary" }),
      text(["he", "llo"], { phase: "final_answer" }),
    ),
  ]);
  expect(outcome.turn.status).toBe("completed");
  expect(outcome.items).toMatchObject([
    { type: "agentMessage", text: "thinking aloud", phase: "commentary" },
    { type: "agentMessage", text: "hello", phase: "final_answer" },
  ]);
  expect(deltasOf(outcome, "item/agentMessage/delta")).toEqual(["thinking aloud", "he", "llo"]);
});

test("reasoning, with its summary and raw text", async () => {
  const outcome = await turnOn([reply(reasoning(["h", "m"], { raw: ["be", "cause"] }), "ok")]);
  expect(outcome.items[0]).toMatchObject({
    type: "reasoning",
    summary: ["hm"],
    content: ["because"],
  });
  expect(deltasOf(outcome, "item/reasoning/summaryTextDelta")).toEqual(["h", "m"]);
  expect(deltasOf(outcome, "item/reasoning/textDelta")).toEqual(["be", "cause"]);
});

test("usage", async () => {
  const tokens = {
    inputTokens: 100,
    cachedInputTokens: 40,
    outputTokens: 20,
    reasoningOutputTokens: 7,
  };
  const { messages } = await turnOn([reply("x", usage(tokens))]);
  const updated = messages.find((message) => message.method === "thread/tokenUsage/updated");
  expect(updated?.params.tokenUsage.total).toMatchObject({ ...tokens, totalTokens: 120 });
});

test("a command runs, its output goes back to the model, and the parent's key does not", async () => {
  const { items } = await turnOn([
    command("echo $((6 * 7)) [$OPENAI_API_KEY]", { callId: "c1" }),
    "done",
  ]);
  expect(items).toMatchObject([
    { type: "commandExecution", status: "completed", aggregatedOutput: "42 []\n", exitCode: 0 },
    { type: "agentMessage", text: "done" },
  ]);
  const asked = model.requests.at(-1);
  expect(asked?.lastOutput).toContain("42 []");
  expect(asked?.outputs.get("c1")).toBe(asked?.lastOutput);
  expect(asked?.tools).toContain("exec_command");
  expect(asked?.userText).toBe("hi");
});

test("a command that must leave the sandbox needs approval, with the reason", async () => {
  const { items, messages } = await turnOn([command("true", { escalate: "to see" }), "done"], {
    sandbox: "read-only",
  });
  const request = messages.find((m) => m.method === "item/commandExecution/requestApproval");
  expect(request?.params).toMatchObject({ itemId: items[0].id, reason: "to see" });
  expect(items[0].status).toBe("completed");
});

test("a patch changes files, after approval where the sandbox wants one", async () => {
  const file = path.join(cwd, "hello.txt");
  const { items, messages } = await turnOn(
    [patch("*** Begin Patch\n*** Add File: hello.txt\n+hello\n*** End Patch\n"), "done"],
    { sandbox: "read-only" },
  );
  expect(items[0]).toMatchObject({ type: "fileChange", status: "completed" });
  expect(items[0].changes).toMatchObject([{ kind: { type: "add" }, diff: "hello\n" }]);
  expect(messages.map((m) => m.method)).toContain("item/fileChange/requestApproval");
  expect(await readFile(file, "utf8")).toBe("hello\n");
});

test("a dynamic tool is called with its arguments, and answers the model", async () => {
  const look = { type: "function", name: "look", description: "looks" };
  const { messages } = await turnOn([functionCall("look", { at: "it" }), "done"], {
    dynamicTools: [{ ...look, inputSchema: { type: "object" } }],
  });
  const request = messages.find((message) => message.method === "item/tool/call");
  expect(request?.params).toMatchObject({ tool: "look", arguments: { at: "it" } });
  expect(model.requests.at(-1)?.lastOutput).toBe("tool says 42");
});

test("several calls in one response, after a text", async () => {
  const { items } = await turnOn([reply("first", command("echo 1"), command("echo 2")), "done"]);
  expect(items.map((item) => item.type).sort()).toEqual([
    "agentMessage",
    "agentMessage",
    "commandExecution",
    "commandExecution",
  ]);
  expect([...(model.requests.at(-1)?.outputs.values() ?? [])]).toHaveLength(2);
});

test("custom events", async () => {
  const item = { type: "web_search_call", id: "ws_1", status: "completed" };
  const query = { action: { type: "search", query: "cats" } };
  const { items } = await turnOn([
    reply(
      events({ type: "response.output_item.done", output_index: 0, item: { ...item, ...query } }),
      "ok",
    ),
  ]);
  expect(items[0]).toMatchObject({ type: "webSearch", query: "cats" });
});

test("an event that isn't JSON is skipped", async () => {
  const { turn, items } = await turnOn([reply("a", malformed(), "b")]);
  expect(turn.status).toBe("completed");
  expect(items.map((item) => item.text)).toEqual(["a", "b"]);
});

const brokenPart = text({
  *[Symbol.iterator]() {
    yield "a";
    throw new Error("no words");
  },
});

test.each<[string, Reply, unknown, string]>([
  ["failure(500)", failure(500), "internalServerError", "high demand"],
  ["failure(503)", failure(503), { httpConnectionFailed: { httpStatusCode: 503 } }, "503"],
  ["failure(401)", failure(401), { httpConnectionFailed: { httpStatusCode: 401 } }, "401"],
  ["failure(429)", failure(429), { responseTooManyFailedAttempts: { httpStatusCode: 429 } }, "429"],
  ["failure(400)", failure(400, "refused"), "other", "refused"],
  ["serverOverloaded", failure.serverOverloaded(), "serverOverloaded", "at capacity"],
  ["usageLimitExceeded", failure.usageLimitExceeded(2e9), "usageLimitExceeded", "2033"],
  ["usageLimitExceeded", failure.usageLimitExceeded(), "usageLimitExceeded", "usage limit"],
  ["rateLimitExceeded", failure.rateLimitExceeded(), "rateLimitExceeded", "rate limit"],
  ["contextWindowExceeded", failure.contextWindowExceeded(), "contextWindowExceeded", "window"],
  ["cyberPolicy", failure.cyberPolicy(), "cyberPolicy", "cyber_policy"],
  ["event", failure.event("insufficient_quota"), "usageLimitExceeded", "Quota exceeded"],
  ["event", failure.event("server_error", "boom"), "other", "boom"],
  ["incomplete", reply("a", incomplete()), "other", "max_output_tokens"],
  ["cut", reply("a", cut()), "other", "stream disconnected"],
  ["unfinished", reply("a", unfinished()), "other", "closed before response.completed"],
  ["a part that throws", brokenPart, "other", "no words"],
])("%s fails the turn with the server's error", async (_name, script, info, message) => {
  const { turn } = await turnOn([script]);
  expect(turn.status).toBe("failed");
  expect(turn.error.codexErrorInfo).toEqual(info);
  expect(turn.error.message).toContain(message);
});

test("a missing reply fails the turn, and the error says so", async () => {
  const { turn } = await turnOn([]);
  expect(turn.status).toBe("failed");
  expect(turn.error.message).toContain('user text: "hi"');
});

test("the model notices an interrupt, which releases it from its gate", async () => {
  const gate = new Gate();
  model.enqueue(text(["before", gate, "after"]));
  const threadId = await startThread();
  const turnId = await startTurn(threadId, "interrupt me");
  await client.waitFor("item/agentMessage/delta", (params) => params.threadId === threadId);
  const request = model.requests.at(-1);
  expect(request?.userText).toBe("interrupt me");
  expect(request?.signal.aborted).toBe(false);
  await client.request("turn/interrupt", { threadId, turnId });
  expect(await request?.ended).toBe("aborted");
  const done = await client.waitFor("turn/completed", (params) => params.threadId === threadId);
  expect(done.params.turn.status).toBe("interrupted");
});

test("parallel turns each get the reply to their own text from a rule", async () => {
  const texts = Array.from({ length: 8 }, (_, n) => `number ${n}`);
  model.respond((request) => `echo ${request.userText}`);
  const answers = texts.map(async (userText) => {
    const threadId = await startThread();
    await startTurn(threadId, userText);
    const done = await client.waitFor("turn/completed", (params) => params.threadId === threadId);
    return done.params.turn.items[0].text;
  });
  expect(await Promise.all(answers)).toEqual(texts.map((userText) => `echo ${userText}`));
});

test("a turn reconnects while the port is closed, and continues when the model listens again", async () => {
  model.respond(() => "back");
  model.stopListening();
  const threadId = await startThread();
  await startTurn(threadId);
  const error = await client.waitFor("error", (params) => params.threadId === threadId);
  expect(error.params.willRetry).toBe(true);
  await model.startListening();
  const done = await client.waitFor("turn/completed", (params) => params.threadId === threadId);
  expect(done.params.turn.items[0].text).toBe("back");
});
