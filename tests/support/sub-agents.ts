import type { ModelRequest, Part, Reply } from "../../src/testing/index.ts";

/** The configuration with which the model can spawn sub-agents, which are offered the parent's tools. */
export const SUB_AGENTS = {
  features: { multi_agent_v2: true, multi_agent_v2_dynamic_tools: true },
} as const;

let calls = 0;

/** Calls one of the server's tools for collaboration. */
function collaborate(name: string, args: object): Part {
  return {
    *steps(draft) {
      const index = draft.nextOutput();
      const id = `spawn_${++calls}`;
      const item = {
        ...{ type: "function_call", id, call_id: `call_${id}`, namespace: "collaboration", name },
        arguments: JSON.stringify(args),
      };
      yield { type: "response.output_item.added", output_index: index, item };
      yield { type: "response.output_item.done", output_index: index, item };
    },
  };
}

export function spawnAgent(name: string, message = "Do your part."): Part {
  return collaborate("spawn_agent", { task_name: name, message });
}

export function waitForAgents(): Part {
  return collaborate("wait_agent", { timeout_ms: 10_000 });
}

export type Script = (request: ModelRequest) => Reply;

/** Who asks the model: "/root", or a sub-agent by its path, such as "/root/helper". */
export function agentOf(request: ModelRequest): string {
  const metadata = JSON.parse(String(request.headers["x-codex-turn-metadata"] ?? "{}"));
  return String(metadata.agent_name ?? "/root");
}

/** A rule of the model: `parent` answers for the thread that the user has started, `child` for sub-agents. */
export function family(parent: Script, child: Script): Script {
  return (request) => (agentOf(request) === "/root" ? parent : child)(request);
}
