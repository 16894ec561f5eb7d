import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import {
  describeRequest,
  type RequestContext,
  type RequestDescription,
  unescapeVisible,
} from "../../src/index.ts";
import {
  command,
  events,
  functionCall,
  patch,
  type Rule,
  type ScriptedOptions,
  startScripted,
} from "../../src/testing/index.ts";

const mcpServer = fileURLToPath(new URL("../support/mcp-server.mjs", import.meta.url));

/**
 * Runs a turn, and answers every request with the first option that accepts, or with the last option if none does.
 */
async function described(script: Rule | ScriptedOptions["script"], config: object = {}) {
  const seen: RequestDescription[] = [];
  const option = (params: unknown, { method, item, exactNumbers }: RequestContext) => {
    const description = describeRequest(method, params, item, exactNumbers);
    seen.push(description);
    return description.options[0] ?? description.refusal;
  };
  const rule = (params: unknown, context: RequestContext) =>
    option(params, context).decision as "accept";
  const answer = (params: unknown, context: RequestContext) =>
    option(params, context).answer as never;
  await using s = await startScripted({
    script: script as Rule,
    config: config as NonNullable<ScriptedOptions["config"]>,
    approvals: { command: rule, fileChange: rule, permissions: rule, mcpTool: rule },
    handlers: {
      "mcpServer/elicitation/request": answer,
      "item/tool/requestUserInput": answer,
    },
  });
  const thread = await s.codex.threadStart({ approvalPolicy: "on-request", sandbox: "read-only" });
  const { items, status } = await thread.run("go");
  const { requests } = s.model;
  return {
    seen,
    items,
    status,
    requests,
    exists: (name: string) => existsSync(path.join(s.cwd, name)),
  };
}

function subjects({ sections }: RequestDescription): unknown[] {
  return sections
    .filter(({ role }) => role === "subject")
    .map(({ text, format }) => (format === "json" ? JSON.parse(text) : unescapeVisible(text)));
}

/** The description knows every member that the current server sends. */
function expectKnown(seen: readonly RequestDescription[]): void {
  expect(seen.flatMap(({ sections }) => sections.filter((s) => s.role === "unknown"))).toEqual([]);
}

test("commands, changes and permissions are shown exactly, and their answers are accepted", async () => {
  const cmd = "touch made #\rls -la\u200b\u202e \u3164";
  const add = "*** Begin Patch\n*** Add File: new.txt\n+evil()\r+hello\n*** End Patch\n";
  const permissions = { network: { enabled: true }, file_system: { write: ["/nowhere"] } };
  const { seen, items, requests } = await described(
    [
      command(cmd, { escalate: "to see", args: { login: false } }),
      patch(add),
      functionCall("request_permissions", { reason: "to look", permissions }),
      "done",
    ],
    { features: { request_permissions_tool: true } },
  );
  expect(seen.map(({ kind }) => kind)).toEqual(["command", "fileChange", "permissions"]);
  expectKnown(seen);
  const [ran, changed, granted] = seen as [
    RequestDescription,
    RequestDescription,
    RequestDescription,
  ];
  expect(subjects(ran)).toEqual([expect.stringContaining(cmd)]);
  expect(ran.options.map(({ id }) => id)).toEqual([
    "accept",
    "acceptWithExecpolicyAmendment",
    "cancel",
  ]);
  expect(subjects(changed)).toEqual([expect.stringMatching(/new\.txt$/), "evil()\r+hello\n"]);
  expect(subjects(granted)).toMatchObject([{ network: { enabled: true } }]);
  expect(items.filter((item) => "status" in item)).toMatchObject([
    { type: "commandExecution", status: "completed" },
    { type: "fileChange", status: "completed" },
  ]);
  expect(requests.at(-1)?.lastOutput).toContain('"enabled":true');
});

test("input to a terminal is shown, with what the terminal runs", async () => {
  const { seen } = await described(
    (request) => {
      const args = { tty: true, yield_time_ms: 250, login: false };
      if (request.index === 0) return command("cat", { escalate: "to talk", args });
      if (request.index > 1) return "done";
      const session = /session ID (\d+)/.exec(request.lastOutput ?? "")?.[1];
      return functionCall("write_stdin", { session_id: Number(session), chars: "rm -rf x\n" });
    },
    { features: { write_stdin_approval: true } },
  );
  expect(seen.map(({ kind }) => kind)).toEqual(["command", "writeStdin"]);
  expectKnown(seen);
  const [, typed] = seen as [RequestDescription, RequestDescription];
  expect(subjects(typed)).toEqual([expect.stringContaining("'rm -rf x\n'")]);
  expect(typed.sections).toContainEqual(
    expect.objectContaining({
      label: "Terminal started with",
      text: expect.stringContaining("cat"),
    }),
  );
  expect(typed.options.map(({ id }) => id)).toEqual(["accept", "cancel"]);
});

test.each([
  ['{"n":1.5,"big":[9007199254740992,-0.1,1e22]}', false],
  ['{"n":1.00000000000000000001}', true],
  ['{"n":0.1000000000000000055511}', true],
  ['{"n":12345678901234567890}', true],
])("the numbers of %s are exact, unless a warning says otherwise", async (json, isRounded) => {
  const item = {
    ...{ id: "fc_1", call_id: "call_1", type: "function_call" },
    ...{ namespace: "mcp__odd", name: "go", arguments: json },
  };
  const call = events(
    { type: "response.output_item.added", output_index: 0, item },
    { type: "response.output_item.done", output_index: 0, item },
  );
  const { seen } = await described((request) => (request.index === 0 ? call : "done"), {
    mcp_servers: { odd: { command: process.execPath, args: [mcpServer] } },
  });
  const [asked] = seen as [RequestDescription];
  expect(subjects(asked)).toEqual(["go", JSON.parse(json)]);
  const warned = asked.sections.some(({ text }) => text.includes("may be rounded"));
  expect(warned).toBe(isRounded);
});

test("a tool call is distinguished from its MCP server's own requests", async () => {
  const item = {
    id: "fc_1",
    call_id: "call_1",
    type: "function_call",
    namespace: "mcp__odd",
    name: "go",
    arguments: JSON.stringify({ where: "\u001b[2J\u3164" }),
  };
  const call = events(
    { type: "response.output_item.added", output_index: 0, item },
    { type: "response.output_item.done", output_index: 0, item },
  );
  const { seen, items } = await described((request) => (request.index === 0 ? call : "done"), {
    mcp_servers: { odd: { command: process.execPath, args: [mcpServer] } },
  });
  expect(seen.map(({ kind }) => kind)).toEqual(["mcpToolCall", "form", "url"]);
  const [approval, form, url] = seen as [
    RequestDescription,
    RequestDescription,
    RequestDescription,
  ];
  expectKnown([approval, url]);
  expect(subjects(approval)).toEqual(["go", { where: "\u001b[2J\u3164" }]);
  expect(form.sections[0]?.text).toContain("claims to be a tool approval");
  expect(form.sections).toContainEqual(
    expect.objectContaining({ role: "unknown", label: "_meta.tool_name" }),
  );
  expect(subjects(url)).toEqual(["https://x.example/"]);
  expect(items).toContainEqual(
    expect.objectContaining({ type: "mcpToolCall", status: "completed" }),
  );
});

test("the agent's questions are shown", async () => {
  const options = [
    { label: "Red", description: "warm" },
    { label: "Blue", description: "cold" },
  ];
  const questions = [{ id: "colour", header: "Colour", question: "Which\u200b?", options }];
  const { seen } = await described([functionCall("request_user_input", { questions }), "done"], {
    features: { default_mode_request_user_input: true },
  });
  expect(seen.map(({ kind }) => kind)).toEqual(["userInput"]);
  expectKnown(seen);
  expect(subjects(seen[0] as RequestDescription)).toEqual([
    "Colour",
    "Which\u200b?",
    "Red: warm",
    "Blue: cold",
  ]);
});

test("a refusal is accepted even if the request doesn't list it", async () => {
  await using s = await startScripted({
    script: [command("touch made", { escalate: "to see" }), "done"],
    approvals: { command: () => "decline" },
  });
  const thread = await s.codex.threadStart({ approvalPolicy: "on-request", sandbox: "read-only" });
  const result = await thread.run("go");
  expect(result).toMatchObject({ status: "completed", text: "done" });
  expect(existsSync(path.join(s.cwd, "made"))).toBe(false);
});
