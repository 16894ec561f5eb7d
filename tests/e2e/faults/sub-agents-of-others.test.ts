import { expect, test } from "vitest";
import { Codex, tool } from "../../../src/index.ts";
import {
  functionCall,
  isolatedHome,
  ScriptedModel,
  scriptedConfig,
} from "../../../src/testing/index.ts";
import { collectWarnings } from "../../support/e2e.ts";
import { agentOf, SUB_AGENTS, spawnAgent, waitForAgents } from "../../support/sub-agents.ts";

test("a client that has loaded another client's thread leaves its sub-agents' tool calls to that client", async () => {
  const outputs: string[] = [];
  const parent = [spawnAgent("helper"), waitForAgents(), "Done."];
  await using model = await ScriptedModel.start((request) => {
    if (agentOf(request) === "/root") return parent.shift() ?? "More.";
    const last = JSON.stringify((request.body.input as object[]).at(-1));
    if (!last.includes("function_call_output")) return functionCall("lookup", {});
    outputs.push(last);
    return "Found.";
  });
  await using home = await isolatedHome({ ...scriptedConfig(model.url), ...SUB_AGENTS });
  await using server = await Codex.serve({
    listen: "ws://127.0.0.1:0",
    env: home.env,
    cwd: home.path,
  });
  const { onWarning } = collectWarnings();
  await using codex = new Codex({ transport: server.endpoint(), onWarning });
  await using other = new Codex({ transport: server.endpoint(), onWarning });
  const input = { type: "object", properties: {}, required: [], additionalProperties: false };
  const execute = async () => "found it";
  const lookup = tool({ name: "lookup", description: "Looks it up.", input, execute });
  const thread = await codex.threadStart({ tools: [lookup] });
  await thread.shell("true").then((turn) => turn.run());
  await other.threadResume(thread.id);
  await thread.run("go");
  expect(outputs).toEqual([expect.stringContaining("found it")]);
});
