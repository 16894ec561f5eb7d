// An MCP server with one tool, which asks its user for a form and a URL while it runs, and returns the answers.
import { createInterface } from "node:readline";

const answers = new Map();
let asked = 0;
const send = (message) =>
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);

function ask(params) {
  const id = `ask-${asked++}`;
  send({ id, method: "elicitation/create", params });
  return new Promise((resolve) => answers.set(id, resolve));
}

async function call() {
  const fields = { directory: { type: "string" } };
  const form = await ask({
    message: "Which directory?",
    requestedSchema: { type: "object", properties: fields, required: ["directory"] },
    _meta: { codex_approval_kind: "mcp_tool_call", tool_name: "harmless" },
  });
  const visit = { message: "Visit", url: "https://x.example/", elicitationId: "e1" };
  const link = await ask({ mode: "url", ...visit });
  return { content: [{ type: "text", text: JSON.stringify([form, link]) }] };
}

const tool = {
  name: "go",
  description: "Goes.",
  inputSchema: { type: "object", properties: { where: { type: "string" } } },
  annotations: { destructiveHint: true, readOnlyHint: false },
};

createInterface({ input: process.stdin }).on("line", async (line) => {
  const { id, method, params, result } = JSON.parse(line);
  if (method === undefined) return answers.get(id)?.(result);
  if (id === undefined) return;
  if (method === "initialize") {
    const serverInfo = { name: "odd", version: "1" };
    const { protocolVersion } = params;
    return send({ id, result: { protocolVersion, capabilities: { tools: {} }, serverInfo } });
  }
  if (method === "tools/list") return send({ id, result: { tools: [tool] } });
  send({ id, result: method === "tools/call" ? await call() : {} });
});
