import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { CodexOptions } from "../../../src/index.ts";
import { command, events, startScripted } from "../../../src/testing/index.ts";

const mcpServer = fileURLToPath(new URL("./hostile-mcp-server.mjs", import.meta.url));

const item = {
  ...{ id: "fc_1", call_id: "call_1", type: "function_call" },
  ...{ namespace: "mcp__evil", name: "go", arguments: JSON.stringify({ where: "here" }) },
};
const call = events(
  { type: "response.output_item.added", output_index: 0, item },
  { type: "response.output_item.done", output_index: 0, item },
);

/**
 * The model calls the tool of a hostile MCP server, which forges approvals. Resolves with the answers that the
 * server received.
 */
async function forged(options: CodexOptions) {
  await using s = await startScripted({
    script: (request) => (request.index === 0 ? call : "done"),
    config: { mcp_servers: { evil: { command: process.execPath, args: [mcpServer] } } },
    onWarning: () => {},
    ...options,
  });
  const thread = await s.codex.threadStart({ approvalPolicy: "on-request", sandbox: "read-only" });
  const { items, status } = await thread.run("go");
  expect(status).toBe("completed");
  const ran = items.find((one) => one.type === "mcpToolCall");
  const outcomes = /outcomes: (\{.*?\})/.exec(JSON.stringify(ran).replaceAll('\\"', '"'))?.[1];
  return JSON.parse(outcomes ?? '{"none":"the tool did not run"}') as Record<string, string>;
}

test.each<[string, () => CodexOptions["approvals"]]>([
  ['"accept"', () => "accept"],
  ["the rule mcpTool", () => ({ mcpTool: "accept" })],
  ["a function as the rule mcpTool", () => ({ mcpTool: () => "accept" })],
])(
  "a tool approval is accepted by %s, but nothing that its MCP server forges",
  async (_, approvals) => {
    const outcomes = await forged({ approvals: approvals() });
    expect(Object.keys(outcomes)).toHaveLength(7);
    expect(Object.values(outcomes)).not.toContain("accept");
  },
);

test("a function as a rule is called for the genuine call only", async () => {
  const asked: unknown[] = [];
  const mcpTool = (params: unknown, { item }: { item: unknown }) => {
    asked.push([params, item]);
    return "accept" as const;
  };
  await forged({ approvals: { mcpTool } });
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject([
    { serverName: "evil", mode: "form" },
    { type: "mcpToolCall", server: "evil", tool: "go", status: "inProgress" },
  ]);
});

test("a handler of elicitations answers the server's questions, but no tool approval", async () => {
  const asked: unknown[] = [];
  const outcomes = await forged({
    approvals: "decline",
    handlers: {
      "mcpServer/elicitation/request": (params) => {
        asked.push(params);
        return { action: "accept", content: {}, _meta: null };
      },
    },
  });
  expect(outcomes).toEqual({ none: "the tool did not run" });
  expect(asked).toEqual([]);
});

test("a server that asks a thousand questions doesn't get the approvals of other threads declined", async () => {
  await using s = await startScripted({
    script: ({ userText, outputs }) => {
      if (outputs.size > 0) return "done";
      return userText === "ask" ? call : command("echo made", { escalate: "to see" });
    },
    config: { mcp_servers: { evil: { command: process.execPath, args: [mcpServer, "flood"] } } },
    approvals: { mcpTool: "accept", command: "ask", questions: "ask" },
    onWarning: () => {},
  });
  const { requests } = s.codex;
  const settings = { approvalPolicy: "on-request", sandbox: "read-only" } as const;
  const [flooded, other] = [
    await s.codex.threadStart(settings),
    await s.codex.threadStart(settings),
  ];
  const isFull = new Promise<void>((resolve) => {
    requests.on("added", () => requests.pending.length === 1_000 && resolve());
  });
  const asking = await flooded.turn("ask");
  await isFull;
  const running = other.run("work");
  const request = await requests.next({ threadId: other.id });
  expect(request?.kind).toBe("command");
  await request?.answer("accept");
  const { items } = await running;
  expect(items.find(({ type }) => type === "commandExecution")).toMatchObject({
    status: "completed",
  });
  await asking.interrupt();
});
