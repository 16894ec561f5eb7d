import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Approvals, RequestContext } from "../../../src/index.ts";
import { events, startScripted } from "../../../src/testing/index.ts";

const script = fileURLToPath(new URL("../../support/mcp-server.mjs", import.meta.url));

const item = {
  id: "fc_1",
  call_id: "call_1",
  type: "function_call",
  namespace: "mcp__odd",
  name: "go",
  arguments: "{}",
};
const callTool = events(
  { type: "response.output_item.added", output_index: 0, item },
  { type: "response.output_item.done", output_index: 0, item },
);

/** Runs a turn that calls an MCP tool; the client's handler accepts every elicitation. */
async function callWith(approvals: Approvals | undefined) {
  const asked: string[] = [];
  await using s = await startScripted({
    script: [callTool, "done"],
    config: { mcp_servers: { odd: { command: process.execPath, args: [script] } } },
    onWarning: () => {},
    ...(approvals === undefined ? {} : { approvals }),
    handlers: {
      "mcpServer/elicitation/request": (params) => {
        asked.push("message" in params ? params.message : params.mode);
        return { action: "accept", content: { directory: "/" }, _meta: null };
      },
    },
  });
  const thread = await s.codex.threadStart({ approvalPolicy: "on-request", sandbox: "read-only" });
  const { items, text } = await thread.run("go");
  expect(text).toBe("done");
  const call = items.find(({ type }) => type === "mcpToolCall");
  return { status: call && "status" in call ? call.status : undefined, asked };
}

/** The question that the tool itself asks the user when it runs. */
const OWN_QUESTIONS = ["Which directory?", "Visit"];

test.each([
  ["decline", "decline" as const],
  ["a rule that declines", { mcpTool: "decline" as const }],
  ["rules without one for it", { command: "accept" as const }],
  ["no approvals at all", undefined],
])(
  "with %s no MCP tool runs, whatever the handler of elicitations accepts",
  async (_what, approvals) => {
    expect(await callWith(approvals)).toEqual({ status: "failed", asked: [] });
  },
);

test("a rule is called, and the handler gets only the tool's own requests", async () => {
  const contexts: RequestContext[] = [];
  const mcpTool = (_params: unknown, context: RequestContext) => {
    contexts.push(context);
    return "accept" as const;
  };
  expect(await callWith({ mcpTool })).toEqual({ status: "completed", asked: OWN_QUESTIONS });
  expect(contexts).toMatchObject([{ item: { type: "mcpToolCall", tool: "go" } }]);
});

test("a rule that declines is called once", async () => {
  let times = 0;
  const mcpTool = () => {
    times++;
    return "decline" as const;
  };
  expect(await callWith({ mcpTool })).toEqual({ status: "failed", asked: [] });
  expect(times).toBe(1);
});
