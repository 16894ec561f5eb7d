// An MCP server with a tool that adds numbers, and one that fails.
import { createInterface } from "node:readline";

const number = { type: "number" };
const inputSchema = { type: "object", properties: { a: number, b: number }, required: ["a", "b"] };
const tools = [
  { name: "add", description: "Adds.", inputSchema, annotations: { readOnlyHint: true } },
  { name: "fail", description: "Fails.", inputSchema, annotations: { readOnlyHint: true } },
];

const answers = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: "arithmetic", version: "1" },
  }),
  "tools/list": () => ({ tools }),
  "tools/call": ({ name, arguments: { a, b } }) =>
    name === "add"
      ? { content: [{ type: "text", text: `${a + b}` }], structuredContent: { sum: a + b } }
      : { content: [{ type: "text", text: "It can't be added." }], isError: true },
};

createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  const result = answers[method]?.(params) ?? {};
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, result })}\n`);
});
