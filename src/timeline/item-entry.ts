import { unwrapShell } from "../text/shell-words.ts";
import { callText, mcpCall, media, toolOutput } from "./calls.ts";
import { fileChange } from "./diff.ts";
import type {
  AssistantEntry,
  CommandEntry,
  Entry,
  FileChangeEntry,
  ImageEntry,
  NoticeEntry,
  SubAgentEntry,
  ToolCallEntry,
  WebSearchEntry,
} from "./entries.ts";
import { list, numberOrNull, recordOf, records, text, textOrNull, texts } from "./foreign.ts";
import type { ItemSource } from "./item-source.ts";
import { userMessage } from "./user-message.ts";

/** An item as an entry. Accepts any value that the server sent as an item. */
export function itemEntry(source: ItemSource): Entry {
  const { base, item } = source;
  switch (item.type) {
    case "userMessage":
      return userMessage(source);
    case "agentMessage":
      return assistant(source);
    case "reasoning":
      return { kind: "reasoning", ...base, summary: source.summary, raw: source.raw };
    case "commandExecution":
      return command(source);
    case "fileChange":
      return fileChanges(source);
    case "mcpToolCall":
      return mcpCall(source);
    case "dynamicToolCall":
    case "functionCallOutput":
      return toolCall(source);
    case "webSearch":
      return webSearch(source);
    case "plan":
      return { kind: "plan", ...base, text: source.text, steps: [] };
    case "imageView":
    case "imageGeneration":
      return image(source);
    case "enteredReviewMode":
      return { kind: "review", ...base, action: "begun", text: text(item.review) };
    case "exitedReviewMode":
      return { kind: "review", ...base, action: "finished", text: text(item.review) };
    case "contextCompaction":
      return { kind: "compaction", ...base };
    case "subAgentActivity":
    case "collabAgentToolCall":
      return subAgent(source);
    case "hookPrompt": {
      const fragments = records(item.fragments).map((one) => text(one.text));
      return { kind: "hook", ...base, event: null, text: fragments.join("\n"), durationMs: null };
    }
    case "sleep":
      return sleep(source);
    default:
      return { kind: "unknown", ...base, type: text(item.type), item };
  }
}

function assistant({ base, item, text }: ItemSource): AssistantEntry {
  const { phase } = item;
  const isKnown = phase === "commentary" || phase === "partial_answer" || phase === "final_answer";
  return { kind: "assistant", ...base, text, phase: isKnown ? phase : null };
}

function command({ base, item, output }: ItemSource): CommandEntry {
  const commandLine = text(item.command);
  return {
    kind: "command",
    ...base,
    command: unwrapShell(commandLine),
    commandLine,
    cwd: textOrNull(item.cwd),
    by: item.source === "userShell" ? "user" : "agent",
    output,
    exitCode: numberOrNull(item.exitCode),
    durationMs: numberOrNull(item.durationMs),
  };
}

function fileChanges({ base, item }: ItemSource): FileChangeEntry {
  const files = records(item.changes).map(fileChange);
  const sum = (of: "added" | "removed") => files.reduce((all, file) => all + file[of], 0);
  return { kind: "fileChange", ...base, files, added: sum("added"), removed: sum("removed") };
}

function toolCall({ base, item }: ItemSource): ToolCallEntry {
  const isOutput = item.type === "functionCallOutput";
  const content = isOutput ? toolOutput(item.output) : list(item.contentItems);
  return {
    kind: "toolCall",
    ...base,
    namespace: textOrNull(item.namespace),
    tool: text(isOutput ? item.name : item.tool),
    arguments: item.arguments ?? null,
    text: callText(content),
    media: media(content),
    durationMs: numberOrNull(item.durationMs),
  };
}

function webSearch({ base, item }: ItemSource): WebSearchEntry {
  const action = recordOf(item.action);
  const { type } = action;
  const isKnown = type === "search" || type === "openPage" || type === "findInPage";
  return {
    kind: "webSearch",
    ...base,
    action: isKnown ? type : "other",
    query: text(item.query),
    queries: texts(action.queries),
    url: textOrNull(action.url),
    pattern: textOrNull(action.pattern),
  };
}

function image({ base, item }: ItemSource): ImageEntry {
  const isViewed = item.type === "imageView";
  return {
    kind: "image",
    ...base,
    state: base.state === "completed" && item.failure ? "failed" : base.state,
    action: isViewed ? "viewed" : "generated",
    path: textOrNull(isViewed ? item.path : item.savedPath),
    prompt: textOrNull(item.revisedPrompt),
    data: textOrNull(item.result),
  };
}

function subAgent({ base, item }: ItemSource): SubAgentEntry {
  const isActivity = item.type === "subAgentActivity";
  const agents = Object.entries(recordOf(item.agentsStates)).map(([threadId, state]) => ({
    threadId,
    status: textOrNull(recordOf(state).status),
    message: textOrNull(recordOf(state).message),
  }));
  return {
    kind: "subAgent",
    ...base,
    action: text(isActivity ? item.kind : item.tool),
    threadIds: agentThreadIds(item),
    path: textOrNull(item.agentPath),
    prompt: textOrNull(item.prompt),
    model: textOrNull(item.model),
    agents,
  };
}

/**
 * The sub-agents that an item shows being started. In all other calls the model names the threads,
 * and can name any thread of the server.
 */
export function startedAgents(item: Readonly<Record<string, unknown>>): readonly string[] {
  const isStart =
    item.type === "subAgentActivity" ? item.kind === "started" : item.tool === "spawnAgent";
  return isStart ? agentThreadIds(item) : [];
}

/** The threads that an item names. */
function agentThreadIds(item: Readonly<Record<string, unknown>>): readonly string[] {
  if (item.type === "subAgentActivity") return texts([item.agentThreadId]);
  return item.type === "collabAgentToolCall" ? texts(item.receiverThreadIds) : [];
}

function sleep({ base, item }: ItemSource): NoticeEntry {
  const seconds = (numberOrNull(item.durationMs) ?? 0) / 1000;
  return { kind: "notice", ...base, level: "info", text: `Sleeps for ${seconds} s` };
}
