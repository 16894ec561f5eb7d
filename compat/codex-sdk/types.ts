// The types of the two packages, checked by `tsc`: each accepts and returns what the other does.
import type * as Theirs from "@openai/codex-sdk";
import type * as Ours from "../../dist/codex-sdk/index.js";

type Same<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? true : false) : false;

/**
 * The content of an MCP result has the types of a package that `@openai/codex-sdk` doesn't install.
 */
type Plain<Item> = Item extends { type: "mcp_tool_call" } ? Omit<Item, "result"> : Item;
type PlainEvent<Event> = Event extends { item: infer Item }
  ? Omit<Event, "item"> & { item: Plain<Item> }
  : Event;

export const same: {
  items: Same<Plain<Theirs.ThreadItem>, Plain<Ours.ThreadItem>>;
  events: Same<PlainEvent<Theirs.ThreadEvent>, PlainEvent<Ours.ThreadEvent>>;
  usage: Same<Theirs.Usage, Ours.Usage>;
  threadOptions: Same<Theirs.ThreadOptions, Ours.ThreadOptions>;
  turnOptions: Same<Theirs.TurnOptions, Ours.TurnOptions>;
  codexOptions: Same<Theirs.CodexOptions, Omit<Ours.CodexOptions, "native">>;
  input: Same<Theirs.Input, Ours.Input>;
  result: Same<Omit<Theirs.RunResult, "items">, Omit<Ours.RunResult, "items">>;
} = {
  items: true,
  events: true,
  usage: true,
  threadOptions: true,
  turnOptions: true,
  codexOptions: true,
  input: true,
  result: true,
};

/** Every name that `@openai/codex-sdk` exports. */
export type Names = [
  Ours.AgentMessageItem,
  Ours.ApprovalMode,
  Ours.Codex,
  Ours.CodexOptions,
  Ours.CommandExecutionItem,
  Ours.CyberAccessProgram,
  Ours.ErrorItem,
  Ours.FileChangeItem,
  Ours.Input,
  Ours.ItemCompletedEvent,
  Ours.ItemStartedEvent,
  Ours.ItemUpdatedEvent,
  Ours.McpToolCallItem,
  Ours.ModelReasoningEffort,
  Ours.ReasoningItem,
  Ours.RunResult,
  Ours.RunStreamedResult,
  Ours.SandboxMode,
  Ours.Thread,
  Ours.ThreadError,
  Ours.ThreadErrorEvent,
  Ours.ThreadEvent,
  Ours.ThreadItem,
  Ours.ThreadOptions,
  Ours.ThreadStartedEvent,
  Ours.TodoListItem,
  Ours.TurnCompletedEvent,
  Ours.TurnFailedEvent,
  Ours.TurnOptions,
  Ours.TurnStartedEvent,
  Ours.Usage,
  Ours.UserInput,
  Ours.WebSearchItem,
  Ours.WebSearchMode,
];
