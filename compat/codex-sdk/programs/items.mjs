import { fileURLToPath } from "node:url";
import { command, events, functionCall, patch, reply } from "../../../dist/testing/index.js";

const mcpServer = fileURLToPath(new URL("../support/mcp-server.mjs", import.meta.url));
const arithmetic = {
  mcp_servers: { arithmetic: { command: process.execPath, args: [mcpServer] } },
};
const mcpCall = (tool, args) => functionCall(tool, args, { namespace: "mcp__arithmetic" });
const planTool = { tools: { update_plan: { enabled: true } } };
const plan = (...steps) =>
  functionCall("update_plan", { plan: steps.map(([step, status]) => ({ step, status })) });
const search = (action) =>
  events({
    type: "response.output_item.done",
    output_index: 0,
    item: { type: "web_search_call", id: "ws_1", status: "completed", action },
  });
const patchOf = (...lines) => ["*** Begin Patch", ...lines, "*** End Patch"].join("\n");

export const items = [
  {
    what: "a command",
    async run(stage) {
      stage.model.enqueue(command("echo hello"), "Done.");
      await stage.stream(stage.thread(), "Run it.");
    },
  },
  {
    what: "a command that fails",
    async run(stage) {
      stage.model.enqueue(command("echo before; exit 3"), "It failed.");
      await stage.run(stage.thread(), "Run it.");
    },
  },
  {
    what: "two commands in one response",
    async run(stage) {
      stage.model.enqueue(reply(command("echo one"), command("sleep 1; echo two")), "Done.");
      await stage.run(stage.thread(), "Run both.");
    },
  },
  {
    what: "a command without output",
    async run(stage) {
      stage.model.enqueue(command("true"), "Done.");
      await stage.stream(stage.thread(), "Run it.");
    },
  },
  {
    what: "a command that outlives the turn",
    async run(stage) {
      stage.model.enqueue(command("sleep 30", { args: { yield_time_ms: 250 } }), "It runs.");
      await stage.stream(stage.thread(), "Run it.");
    },
  },
  {
    what: "a command that asks to leave the sandbox",
    async run(stage) {
      stage.model.enqueue(command("echo out", { escalate: "Let me." }), "Done.");
      await stage.stream(stage.thread(), "Run it.");
    },
  },
  {
    what: "files added, updated and deleted",
    async run(stage) {
      stage.model.enqueue(
        patch(patchOf("*** Add File: a.txt", "+one", "*** Add File: b.txt", "+two")),
        patch(patchOf("*** Update File: a.txt", "@@", "-one", "+three")),
        patch(patchOf("*** Delete File: b.txt")),
        "Done.",
      );
      await stage.stream(stage.thread(), "Edit.");
    },
  },
  {
    what: "a patch that doesn't apply",
    async run(stage) {
      stage.model.enqueue(
        patch(patchOf("*** Update File: missing.txt", "@@", "-one", "+two")),
        "Hm.",
      );
      await stage.stream(stage.thread(), "Edit.");
    },
  },
  {
    what: "a patch that the sandbox doesn't allow",
    async run(stage) {
      stage.model.enqueue(patch(patchOf("*** Add File: a.txt", "+one")), "Hm.");
      await stage.stream(stage.thread({ sandboxMode: "read-only" }), "Edit.");
    },
  },
  {
    what: "a tool of an MCP server",
    config: arithmetic,
    async run(stage) {
      stage.model.enqueue(mcpCall("add", { a: 1, b: 2 }), "Three.");
      await stage.stream(stage.thread(), "Add.");
    },
  },
  {
    what: "a tool of an MCP server that fails",
    config: arithmetic,
    async run(stage) {
      stage.model.enqueue(mcpCall("fail", { a: 1, b: 2 }), "Hm.");
      await stage.run(stage.thread(), "Add.");
    },
  },
  {
    what: "a web search",
    async run(stage) {
      stage.model.enqueue(reply(search({ type: "search", query: "cats" }), "Cats."));
      await stage.stream(stage.thread(), "Search.");
    },
  },
  {
    what: "a page opened and searched by the web search",
    async run(stage) {
      stage.model.enqueue(
        reply(search({ type: "open_page", url: "https://example.com/" }), "Opened."),
      );
      await stage.run(stage.thread(), "Open it.");
    },
  },
  {
    what: "a plan that is updated",
    config: planTool,
    async run(stage) {
      stage.model.enqueue(
        plan(["Look", "in_progress"], ["Edit", "pending"]),
        plan(["Look", "completed"], ["Edit", "in_progress"]),
        "Done.",
      );
      await stage.stream(stage.thread(), "Plan it.");
    },
  },
  {
    what: "a plan of a turn that fails",
    config: planTool,
    async run(stage) {
      stage.model.enqueue(plan(["Look", "in_progress"]));
      await stage.stream(stage.thread(), "Plan it.");
    },
  },
  {
    what: "a tool that doesn't exist",
    async run(stage) {
      stage.model.enqueue(functionCall("no_such_tool"), "Hm.");
      await stage.stream(stage.thread(), "Call it.");
    },
  },
  {
    what: "a question to the user",
    async run(stage) {
      const options = [
        { label: "Yes", description: "Do it." },
        { label: "No", description: "Don't." },
      ];
      const questions = [{ id: "q", header: "Sure?", question: "Are you sure?", options }];
      stage.model.enqueue(functionCall("request_user_input", { questions }), "Done.");
      await stage.stream(stage.thread(), "Ask.");
    },
  },
  {
    what: "a model that the server doesn't know, twice",
    async run(stage) {
      stage.model.enqueue("One.", "Two.");
      const thread = stage.thread({ model: "gpt-unknown" });
      await stage.stream(thread, "One?");
      await stage.stream(thread, "Two?");
    },
  },
];
