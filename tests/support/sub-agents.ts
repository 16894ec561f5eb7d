import { functionCall, type ModelRequest, type Part, type Reply } from "../../src/testing/index.ts";

/** The configuration with which the model can spawn sub-agents, which are offered the parent's tools. */
export const SUB_AGENTS = {
  features: { multi_agent_v2: true, multi_agent_v2_dynamic_tools: true },
} as const;

/** Calls one of the server's tools for collaboration. */
function collaborate(name: string, args: object): Part {
  return functionCall(name, args, { namespace: "collaboration" });
}

export function spawnAgent(name: string, message = "Do your part."): Part {
  return collaborate("spawn_agent", { task_name: name, message });
}

export function waitForAgents(): Part {
  return collaborate("wait_agent", { timeout_ms: 10_000 });
}

/** Gives a sub-agent that has ended another task. */
export function followUp(path: string, message = "Do more."): Part {
  return collaborate("followup_task", { target: path, message });
}

/** The configuration with which sub-agents can spawn sub-agents. */
export const NESTED_AGENTS = { features: { multi_agent: true }, agents: { max_depth: 5 } } as const;

/** Spawns a sub-agent with `NESTED_AGENTS`; its model sees the message as its user's. */
export function spawnNested(message: string): Part {
  return functionCall("spawn_agent", { message }, { namespace: "multi_agent_v1" });
}

export type Script = (request: ModelRequest) => Reply;

/** The agent that called the model: "/root", or a sub-agent by its path, such as "/root/helper". */
export function agentOf(request: ModelRequest): string {
  const metadata = JSON.parse(String(request.headers["x-codex-turn-metadata"] ?? "{}"));
  return String(metadata.agent_name ?? "/root");
}

/**
 * A rule for the model: `parent` answers for the thread that the user has started, `child` for
 * sub-agents.
 */
export function family(parent: Script, child: Script): Script {
  return (request) => (agentOf(request) === "/root" ? parent : child)(request);
}
