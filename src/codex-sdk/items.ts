/** A block of the content that an MCP tool returns, such as `{ type: "text", text }`. */
export interface ContentBlock {
  readonly type: string;
  readonly [member: string]: unknown;
}

export type CommandExecutionStatus = "in_progress" | "completed" | "failed" | "declined";

/** A command that the agent ran. */
export interface CommandExecutionItem {
  id: string;
  type: "command_execution";
  command: string;
  /** What it has written to stdout and stderr. */
  aggregated_output: string;
  /** Null while it runs. */
  exit_code?: number | null;
  status: CommandExecutionStatus;
}

export type PatchChangeKind = "add" | "delete" | "update";

export interface FileUpdateChange {
  path: string;
  kind: PatchChangeKind;
}

export type PatchApplyStatus = "in_progress" | "completed" | "failed";

/** Files that the agent changed. */
export interface FileChangeItem {
  id: string;
  type: "file_change";
  changes: FileUpdateChange[];
  status: PatchApplyStatus;
}

export type McpToolCallStatus = "in_progress" | "completed" | "failed";

/** A call of a tool of an MCP server. */
export interface McpToolCallItem {
  id: string;
  type: "mcp_tool_call";
  server: string;
  tool: string;
  arguments: unknown;
  /** Null until it has succeeded. */
  result?: { content: ContentBlock[]; _meta?: unknown; structured_content: unknown } | null;
  /** Null unless it has failed. */
  error?: { message: string } | null;
  status: McpToolCallStatus;
}

export type CollabTool = "spawn_agent" | "send_input" | "wait" | "close_agent";

export interface CollabAgentState {
  status:
    | "pending_init"
    | "running"
    | "interrupted"
    | "completed"
    | "errored"
    | "shutdown"
    | "not_found";
  message: string | null;
}

/** A call with which the agent manages its sub-agents. */
export interface CollabToolCallItem {
  id: string;
  type: "collab_tool_call";
  tool: CollabTool;
  sender_thread_id: string;
  receiver_thread_ids: string[];
  prompt: string | null;
  /** By the id of the sub-agent's thread. */
  agents_states: Record<string, CollabAgentState>;
  status: "in_progress" | "completed" | "failed";
}

/** A message of the agent; JSON if the turn has an `outputSchema`. */
export interface AgentMessageItem {
  id: string;
  type: "agent_message";
  text: string;
}

/** A summary of the agent's reasoning. */
export interface ReasoningItem {
  id: string;
  type: "reasoning";
  text: string;
}

export type WebSearchAction =
  | { type: "search"; query?: string; queries?: string[] }
  | { type: "open_page"; url?: string }
  | { type: "find_in_page"; url?: string; pattern?: string }
  | { type: "other" };

/** A search of the web. */
export interface WebSearchItem {
  id: string;
  type: "web_search";
  query: string;
  action?: WebSearchAction;
}

/** A problem that didn't end the turn. */
export interface ErrorItem {
  id: string;
  type: "error";
  message: string;
}

export interface TodoItem {
  text: string;
  completed: boolean;
}

/** The agent's plan. It completes when the turn ends. */
export interface TodoListItem {
  id: string;
  type: "todo_list";
  items: TodoItem[];
}

/** What happened in a turn. Ids are counted from `item_0` in each run. */
export type ThreadItem =
  | AgentMessageItem
  | ReasoningItem
  | CommandExecutionItem
  | FileChangeItem
  | McpToolCallItem
  | CollabToolCallItem
  | WebSearchItem
  | TodoListItem
  | ErrorItem;
