/**
 * One thing that happened in a turn. An entry has the same form while it is streamed and when it is
 * read from the history.
 */
export type Entry =
  | UserMessageEntry
  | AssistantEntry
  | ReasoningEntry
  | CommandEntry
  | FileChangeEntry
  | McpCallEntry
  | ToolCallEntry
  | WebSearchEntry
  | PlanEntry
  | ImageEntry
  | ReviewEntry
  | CompactionEntry
  | SubAgentEntry
  | HookEntry
  | ErrorEntry
  | NoticeEntry
  | ModelReroutedEntry
  | UnknownEntry;

export type EntryKind = Entry["kind"];

/** `interrupted`: the turn ended before the entry did. */
export type EntryState = "running" | "completed" | "failed" | "declined" | "interrupted";

export interface EntryBase {
  /**
   * Unique within its turn, and the same while streaming and when read from the history: the item's
   * id, if there is an item.
   */
  readonly id: string;
  readonly state: EntryState;
  /** Unix time in milliseconds. */
  readonly startedAt: number | null;
  /** Unix time in milliseconds. */
  readonly endedAt: number | null;
  /**
   * Whether some of the entry's text may be missing until the entry ends, because its start was
   * missed or a connection was lost.
   */
  readonly incomplete: boolean;
}

export interface UserMessageEntry extends EntryBase {
  readonly kind: "userMessage";
  readonly text: string;
  readonly attachments: readonly Attachment[];
  /** The id that the sender gave to the message. */
  readonly clientId: string | null;
}

/** A part of a message that isn't text. */
export interface Attachment {
  readonly kind: "image" | "audio" | "skill" | "mention" | "unknown";
  /** The name of a skill or mention. */
  readonly name: string | null;
  /** A path, a URL, or the id of an uploaded file. */
  readonly source: string | null;
}

export interface AssistantEntry extends EntryBase {
  readonly kind: "assistant";
  /** Markdown. Grows while the state is "running". */
  readonly text: string;
  /** Null if the model doesn't distinguish commentary from answers. */
  readonly phase: "commentary" | "partial_answer" | "final_answer" | null;
}

export interface ReasoningEntry extends EntryBase {
  readonly kind: "reasoning";
  /** The sections of the summary. Markdown. */
  readonly summary: readonly string[];
  /** The reasoning itself, which most models don't reveal. */
  readonly raw: readonly string[];
}

/** Text. If it is long, only its beginning and end are kept. */
export interface BoundedText {
  /** The complete text, unless something is omitted. */
  readonly head: string;
  /** The number of characters omitted between `head` and `tail`. */
  readonly omitted: number;
  readonly tail: string;
}

export interface CommandEntry extends EntryBase {
  readonly kind: "command";
  /** The command as you would type it, without the shell that the server wraps around it. */
  readonly command: string;
  /** The command line that was run. */
  readonly commandLine: string;
  readonly cwd: string | null;
  /** Who ran the command. */
  readonly by: "agent" | "user";
  /** Standard output and standard error together. */
  readonly output: BoundedText;
  readonly exitCode: number | null;
  readonly durationMs: number | null;
}

export interface FileChangeEntry extends EntryBase {
  readonly kind: "fileChange";
  readonly files: readonly FileChange[];
  /** Lines added and removed in all files. */
  readonly added: number;
  readonly removed: number;
}

export interface FileChange {
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
  /** The new path of a file that was moved. */
  readonly movedTo: string | null;
  readonly added: number;
  readonly removed: number;
  readonly hunks: readonly Hunk[];
  /**
   * The diff as the server sent it: hunks in the unified format, or the complete text of an added
   * or deleted file.
   */
  readonly diff: string;
}

/** A changed part of a file, with the lines around it. */
export interface Hunk {
  /** The first line in the old file, counted from 1; 0 if there is none. */
  readonly oldStart: number;
  readonly newStart: number;
  /** The text after the line numbers in the hunk's header, such as the function's name. */
  readonly section: string;
  readonly lines: readonly DiffLine[];
}

export interface DiffLine {
  readonly kind: "context" | "add" | "remove";
  readonly text: string;
}

export interface McpCallEntry extends EntryBase {
  readonly kind: "mcpCall";
  readonly server: string;
  readonly tool: string;
  readonly arguments: unknown;
  /** The latest progress message while the call runs. */
  readonly progress: string | null;
  /** The text of the result. */
  readonly text: string;
  /** The parts of the result as the MCP server returned them; null if there is none. */
  readonly content: readonly unknown[] | null;
  readonly structuredContent: unknown;
  readonly error: string | null;
  readonly durationMs: number | null;
}

/** A call to one of the program's own tools. */
export interface ToolCallEntry extends EntryBase {
  readonly kind: "toolCall";
  readonly namespace: string | null;
  readonly tool: string;
  readonly arguments: unknown;
  /** The text of the result. */
  readonly text: string;
  /** The images and audio of the result, as URLs. */
  readonly media: readonly string[];
  readonly durationMs: number | null;
}

export interface WebSearchEntry extends EntryBase {
  readonly kind: "webSearch";
  readonly action: "search" | "openPage" | "findInPage" | "other";
  readonly query: string;
  readonly queries: readonly string[];
  /** The page that was opened. */
  readonly url: string | null;
  /** The text that was searched for in the page. */
  readonly pattern: string | null;
}

/** A plan as text, or a list of steps that the agent completes one by one. */
export interface PlanEntry extends EntryBase {
  readonly kind: "plan";
  /** Markdown; for a list of steps, the reason for its last change. */
  readonly text: string;
  readonly steps: readonly PlanStep[];
}

export interface PlanStep {
  readonly text: string;
  readonly state: "pending" | "running" | "completed";
}

export interface ImageEntry extends EntryBase {
  readonly kind: "image";
  /** Whether the agent viewed or generated an image. */
  readonly action: "viewed" | "generated";
  readonly path: string | null;
  /** The prompt for the image. */
  readonly prompt: string | null;
  /** A generated image in base64. */
  readonly data: string | null;
}

export interface ReviewEntry extends EntryBase {
  readonly kind: "review";
  readonly action: "begun" | "finished";
  /** The subject of the review, or its findings. */
  readonly text: string;
}

/** The thread's history was replaced by a summary. */
export interface CompactionEntry extends EntryBase {
  readonly kind: "compaction";
}

export interface SubAgentEntry extends EntryBase {
  readonly kind: "subAgent";
  /**
   * An event ("started", "interacted", "interrupted", "completed") or a requested action
   * ("spawnAgent", "wait", …).
   */
  readonly action: string;
  /** The sub-agents' threads; their views are in `ThreadView.agents`. */
  readonly threadIds: readonly string[];
  /** The agent's path in the tree, such as "/root/helper". */
  readonly path: string | null;
  readonly prompt: string | null;
  readonly model: string | null;
  /** The known states of the agents. */
  readonly agents: readonly {
    readonly threadId: string;
    readonly status: string | null;
    readonly message: string | null;
  }[];
}

export interface HookEntry extends EntryBase {
  readonly kind: "hook";
  /**
   * The event that the hook ran on, such as "preToolUse"; null for text that hooks gave to the
   * model.
   */
  readonly event: string | null;
  readonly text: string;
  readonly durationMs: number | null;
}

/**
 * The error that ended the turn, or, while the state is "running", one after which the server
 * retries.
 */
export interface ErrorEntry extends EntryBase {
  readonly kind: "error";
  readonly message: string;
  readonly details: string | null;
  /** The kind of error, such as "usageLimitExceeded"; null if the server doesn't report one. */
  readonly code: string | null;
  readonly willRetry: boolean;
}

/** A message from the server for the user. */
export interface NoticeEntry extends EntryBase {
  readonly kind: "notice";
  readonly level: "info" | "warning";
  readonly text: string;
}

export interface ModelReroutedEntry extends EntryBase {
  readonly kind: "modelRerouted";
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

/** An item of a type that this version doesn't know. */
export interface UnknownEntry extends EntryBase {
  readonly kind: "unknown";
  readonly type: string;
  /** The item as the server sent it. */
  readonly item: unknown;
}
