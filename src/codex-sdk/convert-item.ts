import type {
  CollabAgentTool,
  FileUpdateChange as NativeChange,
  ThreadItem as NativeItem,
  WebSearchAction as NativeSearchAction,
} from "../protocol/index.ts";

type Native<Type extends NativeItem["type"]> = Extract<NativeItem, { type: Type }>;

/** An item without its id. `codex exec` shows more than the types of `ThreadItem` declare. */
export interface ItemBody {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** The item as `codex exec` shows it, without an id; undefined if `codex exec` doesn't show it. */
export function convertItem(item: NativeItem): ItemBody | undefined {
  switch (item.type) {
    case "agentMessage":
      return { type: "agent_message", text: item.text };
    case "reasoning":
      return reasoning(item);
    case "commandExecution":
      return {
        type: "command_execution",
        command: item.command,
        aggregated_output: item.aggregatedOutput ?? "",
        exit_code: item.exitCode,
        status: item.status === "inProgress" ? "in_progress" : item.status,
      };
    case "fileChange":
      return fileChange(item);
    case "mcpToolCall":
      return mcpToolCall(item);
    case "collabAgentToolCall":
      return collabToolCall(item);
    case "webSearch":
      return { type: "web_search", query: item.query, action: searchAction(item.action) };
    default:
      return undefined;
  }
}

function reasoning({ summary }: Native<"reasoning">): ItemBody | undefined {
  const text = summary.join("\n");
  return text.trim() === "" ? undefined : { type: "reasoning", text };
}

function fileChange({ changes, status }: Native<"fileChange">): ItemBody {
  return {
    type: "file_change",
    changes: changes.map(({ path, kind }: NativeChange) => ({ path, kind: kind.type })),
    status: status === "inProgress" ? "in_progress" : status === "declined" ? "failed" : status,
  };
}

function mcpToolCall(item: Native<"mcpToolCall">): ItemBody {
  const { result, error } = item;
  return {
    type: "mcp_tool_call",
    server: item.server,
    tool: item.tool,
    arguments: item.arguments,
    result: result && {
      content: result.content,
      ...(result._meta != null && { _meta: result._meta }),
      structured_content: result.structuredContent,
    },
    error: error && { message: error.message },
    status: item.status === "inProgress" ? "in_progress" : item.status,
  };
}

/** The only calls about sub-agents that are shown. */
const COLLAB_TOOLS: Readonly<Partial<Record<CollabAgentTool, string>>> = {
  spawnAgent: "spawn_agent",
  sendInput: "send_input",
  resumeAgent: "wait",
  wait: "wait",
  closeAgent: "close_agent",
};

function collabToolCall(item: Native<"collabAgentToolCall">): ItemBody | undefined {
  const tool = COLLAB_TOOLS[item.tool];
  if (tool === undefined || item.status === "interrupted") return undefined;
  const states = Object.entries(item.agentsStates).flatMap(([id, state]) =>
    state === undefined ? [] : [[id, { ...state, status: snakeCase(state.status) }] as const],
  );
  return {
    type: "collab_tool_call",
    tool,
    sender_thread_id: item.senderThreadId,
    receiver_thread_ids: item.receiverThreadIds,
    prompt: item.prompt,
    agents_states: Object.fromEntries(states),
    status: item.status === "inProgress" ? "in_progress" : item.status,
  };
}

function searchAction(action: NativeSearchAction | null): ItemBody {
  if (action === null) return { type: "other" };
  const { type, ...details } = action;
  const given = Object.entries(details).filter(([, value]) => value !== null);
  return { type: snakeCase(type), ...Object.fromEntries(given) };
}

function snakeCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
