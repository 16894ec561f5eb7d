import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Codex, PendingRequest, PendingRequestData } from "../../../src/index.ts";
import {
  command,
  events,
  functionCall,
  patch,
  type Rule,
  type ScriptedOptions,
  startScripted,
} from "../../../src/testing/index.ts";
import { collectWarnings } from "../../support/e2e.ts";

const mcpServer = fileURLToPath(new URL("../../support/mcp-server.mjs", import.meta.url));
const ASKING = { approvalPolicy: "on-request", sandbox: "read-only" } as const;
const PATCH = "*** Begin Patch\n*** Add File: hello.txt\n+hello\n*** End Patch\n";

/** A client that keeps every request pending, and a running turn. */
async function asked(options: ScriptedOptions) {
  const { warnings, onWarning } = collectWarnings();
  const scripted = await startScripted({ approvals: "ask", onWarning, ...options });
  const thread = await scripted.codex.threadStart(ASKING);
  return { ...scripted, thread, warnings, turn: await thread.turn("go") };
}

/** The next request after a conversion to JSON and back, as another program receives it. */
async function nextByJson(codex: Codex): Promise<PendingRequestData> {
  const request = await codex.requests.next();
  return JSON.parse(JSON.stringify(request)) as PendingRequestData;
}

function subjectsOf({ detail }: Pick<PendingRequest, "detail">): string[] {
  return detail.filter(({ role }) => role === "subject").map(({ text }) => text);
}

test("a command waits with its options, and an answer that went through JSON lets it run", async () => {
  await using s = await asked({ script: [command("echo hi", { escalate: "to see" }), "done"] });
  const request = await nextByJson(s.codex);
  expect(request).toMatchObject({
    id: expect.stringMatching(/^[\da-f]{32}$/),
    kind: "command",
    threadId: s.thread.id,
    turnId: s.turn.id,
    entryId: expect.any(String),
    title: "Run this command",
    options: [
      { id: "accept", effect: "accept" },
      { id: "acceptWithExecpolicyAmendment", effect: "accept" },
      { id: "cancel", effect: "refuse" },
    ],
  });
  expect(subjectsOf(request)).toEqual([expect.stringContaining("echo hi")]);
  expect(s.codex.requests.pending.map(({ id }) => id)).toEqual([request.id]);
  const reasons: string[] = [];
  s.codex.requests.on("settled", ({ id }, reason, option) => {
    reasons.push(`${id} ${reason} ${option?.id} ${option?.effect}`);
  });
  await s.codex.requests.answer(request.id, "accept");
  const { items, text } = await s.turn.run();
  expect(text).toBe("done");
  const item = items.find(({ id }) => id === request.entryId);
  expect(item).toMatchObject({ type: "commandExecution", status: "completed" });
  expect(s.codex.requests.pending).toEqual([]);
  expect(reasons).toEqual([`${request.id} answered accept accept`]);
  expect(s.warnings).toEqual([]);
});

test("a file change is shown completely, and refused by its id", async () => {
  await using s = await asked({ script: [patch(PATCH), "done"] });
  const request = await nextByJson(s.codex);
  expect(request).toMatchObject({ kind: "fileChange", threadId: s.thread.id });
  expect(subjectsOf(request)).toEqual([expect.stringMatching(/hello\.txt$/), "hello\n"]);
  expect(request.options.map(({ id }) => id)).toEqual([
    "accept",
    "acceptForSession",
    "decline",
    "cancel",
  ]);
  await s.codex.requests.answer(request.id, "decline");
  const { items } = await s.turn.run();
  expect(items.find(({ id }) => id === request.entryId)).toMatchObject({ status: "declined" });
  expect(existsSync(path.join(s.cwd, "hello.txt"))).toBe(false);
});

test("permissions are granted for the turn or the session", async () => {
  const wanted = { reason: "to look", permissions: { network: { enabled: true } } };
  await using s = await asked({
    config: { features: { request_permissions_tool: true } },
    script: [functionCall("request_permissions", wanted), "done"],
  });
  const request = await s.codex.requests.next();
  expect(request?.kind).toBe("permissions");
  expect(request?.options.map(({ id }) => id)).toEqual(["accept", "acceptForSession", "decline"]);
  await request?.answer("acceptForSession");
  await s.turn.run();
  expect(JSON.parse(s.model.requests[1]?.lastOutput ?? "")).toMatchObject({
    permissions: { network: { enabled: true } },
    scope: "session",
  });
});

test("the agent's questions are a form: one text for each", async () => {
  const options = [
    { label: "Red", description: "like roses" },
    { label: "Blue", description: "like the sea" },
  ];
  const questions = [{ id: "colour", header: "Colour", question: "Which?", options }];
  await using s = await asked({
    config: {
      features: { default_mode_request_user_input: true },
      suppress_unstable_features_warning: true,
    },
    script: [functionCall("request_user_input", { questions }), "done"],
  });
  const request = await nextByJson(s.codex);
  expect(request).toMatchObject({
    kind: "userInput",
    options: [{ id: "accept" }, { id: "decline" }],
    form: {
      type: "object",
      properties: {
        colour: {
          type: "string",
          title: "Colour",
          description: "Which?",
          examples: ["Red", "Blue"],
        },
      },
    },
  });
  await expect(s.codex.requests.answer(request.id, "accept", { color: "Red" })).rejects.toThrow(
    "color: isn't the id of a question",
  );
  await s.codex.requests.answer(request.id, "accept", { colour: "Blue" });
  await s.turn.run();
  expect(JSON.parse(s.model.requests[1]?.lastOutput ?? "")).toEqual({
    answers: { colour: { answers: ["Blue"] } },
  });
});

/** The model calls the tool of an MCP server that asks for a form and a link. */
const callsTool: Rule = (request) => {
  const item = {
    ...{ id: "fc_1", call_id: "call_1", type: "function_call" },
    ...{ namespace: "mcp__odd", name: "go", arguments: JSON.stringify({ where: "here" }) },
  };
  if (request.index > 0) return "done";
  return events(
    { type: "response.output_item.added", output_index: 0, item },
    { type: "response.output_item.done", output_index: 0, item },
  );
};
const MCP = { mcp_servers: { odd: { command: process.execPath, args: [mcpServer] } } };

test("a tool of an MCP server, its form and its link are asked one after another", async () => {
  await using s = await asked({ script: callsTool, config: MCP });
  const { requests } = s.codex;
  const tool = await nextByJson(s.codex);
  expect(tool).toMatchObject({
    kind: "mcpToolCall",
    entryId: "call_1",
    options: [
      { id: "accept" },
      { id: "acceptForSession" },
      { id: "acceptAlways" },
      { id: "decline" },
      { id: "cancel" },
    ],
  });
  await requests.answer(tool.id, "acceptForSession");
  const form = await nextByJson(s.codex);
  expect(form).toMatchObject({
    kind: "form",
    form: { properties: { directory: { type: "string" } }, required: ["directory"] },
    options: [{ id: "accept" }, { id: "decline" }, { id: "cancel" }],
  });
  expect(form.detail[0]).toMatchObject({ role: "warning", text: /claims to be a tool approval/ });
  await expect(requests.answer(form.id, "accept", { directory: 5 })).rejects.toThrow("directory");
  await requests.answer(form.id, "accept", { directory: "/tmp" });
  const link = await nextByJson(s.codex);
  expect(link).toMatchObject({ kind: "url" });
  expect(subjectsOf(link)).toEqual(["https://x.example/"]);
  await requests.answer(link.id, "accept");
  const { items } = await s.turn.run();
  const call = items.find(({ id }) => id === tool.entryId);
  const output = JSON.stringify(call).replaceAll("\\", "");
  expect(output).toContain('{"action":"accept","content":{"directory":"/tmp"}}');
  expect(new Set([tool.id, form.id, link.id]).size).toBe(3);
});

test("rules and handlers come first", async () => {
  await using s = await asked({
    approvals: {
      command: ({ command: line }) => (line?.includes("safe") ? "accept" : "ask"),
      fileChange: "decline",
    },
    script: [
      command("echo safe", { escalate: "a" }),
      patch(PATCH),
      command("echo other", { escalate: "b" }),
      "done",
    ],
  });
  const request = await s.codex.requests.next();
  expect(subjectsOf(request as PendingRequest)).toEqual([expect.stringContaining("echo other")]);
  await request?.answer("accept");
  const { items } = await s.turn.run();
  expect(items.filter((item) => "status" in item).map(({ status }) => status)).toEqual([
    "completed",
    "declined",
    "completed",
  ]);
});

test("an interrupt settles pending requests, and a later answer is an error", async () => {
  await using s = await asked({ script: [command("echo hi", { escalate: "to see" })] });
  const request = (await s.codex.requests.next()) as PendingRequest;
  const reasons: string[] = [];
  s.codex.requests.on("settled", (_, reason, option) => {
    reasons.push(reason);
    expect(option).toBeUndefined();
  });
  await s.turn.interrupt();
  await s.turn.run();
  expect(reasons).toEqual(["turnEnded"]);
  await expect(request.answer("accept")).rejects.toMatchObject({
    name: "RequestSettledError",
    reason: "turnEnded",
    message: expect.stringContaining(request.id),
  });
});

test("closing the client settles pending requests, and ends the waits", async () => {
  await using s = await asked({ script: [command("echo hi", { escalate: "to see" })] });
  const { requests } = s.codex;
  const request = (await requests.next()) as PendingRequest;
  const seen: string[] = [];
  const reading = (async () => {
    for await (const { id } of requests) seen.push(id);
  })();
  const waiting = requests.next({ id: "another" });
  const reasons: string[] = [];
  requests.on("settled", (_, reason) => reasons.push(reason));
  await s.codex.close();
  expect(reasons).toEqual(["connectionLost"]);
  expect(await waiting).toBeUndefined();
  await reading;
  expect(seen).toEqual([request.id]);
  await expect(requests.answer(request.id, "accept")).rejects.toMatchObject({
    reason: "connectionLost",
  });
});
