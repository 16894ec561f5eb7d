import path from "node:path";
import { tool } from "../../src/index.ts";
import type { Part } from "../../src/testing/index.ts";
import { SUB_AGENTS } from "./sub-agents.ts";

/** A PNG file of one pixel. */
export const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** The model's answer to a review without findings. */
export const NO_FINDINGS = JSON.stringify({
  findings: [],
  overall_correctness: "patch is correct",
  overall_explanation: "fine",
  overall_confidence_score: 0.9,
});

/** The configuration of a server that supports all kinds of items. */
export const ALL_KINDS = {
  ...SUB_AGENTS,
  mcp_servers: {
    odd: {
      command: process.execPath,
      args: [path.resolve(import.meta.dirname, "mcp-server.mjs")],
    },
  },
  show_raw_agent_reasoning: true,
  suppress_unstable_features_warning: true,
} as const;

/** Options of a turn in plan mode. */
export const PLAN_MODE = {
  collaborationMode: {
    mode: "plan",
    settings: { model: "gpt-5.5", reasoning_effort: null, developer_instructions: null },
  },
} as const;

const input = { type: "object", properties: {} } as const;

/** A tool that works, and one that fails. */
export const TOOLS = [
  tool({ name: "look", description: "Looks.", input, execute: () => "seen" }),
  tool({
    name: "break",
    description: "Breaks.",
    input,
    execute: () => {
      throw new Error("broken");
    },
  }),
];

/** An item of the model's response for which there is no builder. */
function outputItem(item: object): Part {
  return {
    *steps(draft) {
      const index = draft.nextOutput();
      yield { type: "response.output_item.added", output_index: index, item };
      yield { type: "response.output_item.done", output_index: index, item };
    },
  };
}

export function webSearch(id: string, action: object): Part {
  return outputItem({ type: "web_search_call", id, status: "completed", action });
}

/** A call of the tool of the MCP server in `ALL_KINDS`. */
export const mcpCall: Part = outputItem({
  ...{ type: "function_call", id: "fc_1", call_id: "call_mcp", namespace: "mcp__odd" },
  ...{ name: "go", arguments: '{"where":"x"}' },
});

/** The text of a patch with these lines. */
export function patchOf(...lines: readonly string[]): string {
  return ["*** Begin Patch", ...lines, "*** End Patch"].join("\n");
}
