import type {
  BoundedText,
  CommandEntry,
  Entry,
  FileChange,
  FileChangeEntry,
  Hunk,
} from "../entries.ts";
import { exact } from "./exact.ts";

/** A piece of a rendering. */
export type Block =
  /** The author, or the event. */
  | { readonly kind: "title"; readonly text: string; readonly note?: string | undefined }
  /** Text that its author wrote as Markdown. */
  | { readonly kind: "markdown"; readonly text: string }
  /** An action of the agent, escaped by `exact`, or text to show unchanged. */
  | { readonly kind: "code"; readonly text: string; readonly language: string }
  | { readonly kind: "list"; readonly items: readonly string[] };

/** The content of an entry, for any rendering; empty if there is none. */
export function blocksOf(entry: Entry): readonly Block[] {
  switch (entry.kind) {
    case "userMessage": {
      const items = entry.attachments.map(({ kind, name, source }) => words(kind, name, source));
      return [title("User"), markdown(entry.text), list(items)].flat();
    }
    case "assistant":
      return titled(
        entry.phase === "commentary" ? "Codex, working" : "Codex",
        entry,
        markdown(entry.text),
      );
    case "reasoning":
      return titled("Reasoning", entry, [...entry.summary, ...entry.raw].flatMap(markdown));
    case "command":
      return command(entry);
    case "fileChange":
      return entry.files.flatMap((file) => fileChange(file, entry));
    case "mcpCall":
      return call(`${entry.server}.${entry.tool}`, entry, entry.error ?? entry.text);
    case "toolCall":
      return call(words(entry.namespace, entry.tool).replace(" ", "."), entry, entry.text);
    case "webSearch":
      return [title("Web search", words(entry.url ?? entry.query, entry.pattern))];
    case "plan":
      return [
        title("Plan"),
        ...markdown(entry.text),
        ...list(entry.steps.map(({ text, state }) => `${MARKS[state]} ${text}`)),
      ];
    case "image":
      return [
        title(entry.action === "viewed" ? "Image" : "New image", words(entry.path, entry.prompt)),
      ];
    case "review":
      return [title(`Review ${entry.action}`), ...markdown(entry.text)];
    case "compaction":
      return [title("The thread's history was compacted")];
    case "subAgent":
      return [
        title(`Sub-agent: ${entry.action}`, entry.path ?? entry.threadIds.join(", ")),
        ...markdown(entry.prompt ?? ""),
        ...list(
          entry.agents.map(({ threadId, status, message }) => words(threadId, status, message)),
        ),
      ];
    case "hook":
      return [title("Hook", entry.event ?? undefined), ...code(entry.text)];
    case "error":
      return [
        title(entry.willRetry ? "Error, retrying" : "Error", entry.code ?? undefined),
        ...code(words(entry.message, entry.details)),
      ];
    case "notice":
      return [title(entry.level === "warning" ? "Warning" : "Notice", entry.text)];
    case "modelRerouted":
      return [title("Model changed", words(`${entry.from} → ${entry.to}`, entry.reason))];
    case "unknown":
      return [title(entry.type || "Unknown item"), ...code(json(entry.item), "json")];
  }
}

const MARKS = { pending: "[ ]", running: "[~]", completed: "[x]" } as const;

/** A duration, in readable form. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Joins the words with spaces, and skips missing ones. */
export function words(...all: readonly (string | null | undefined)[]): string {
  return all.filter(Boolean).join(" ");
}

function command(entry: CommandEntry): Block[] {
  const { exitCode, durationMs, state } = entry;
  const end = exitCode === null ? (state === "completed" ? "" : state) : `exit ${exitCode}`;
  const took = durationMs === null ? "" : duration(durationMs);
  const note = [end, took].filter(Boolean).join(" · ");
  const shell = `$ ${exact(entry.command)}\n${textOf(entry.output)}`;
  return [
    title(entry.by === "user" ? "User's command" : "Command", note),
    ...code(shell, "console"),
  ];
}

function textOf({ head, omitted, tail }: BoundedText): string {
  return omitted === 0 ? head : `${head}\n… ${omitted} characters omitted …\n${tail}`;
}

const VERBS = { add: "Add", delete: "Delete", update: "Edit" } as const;

function fileChange(file: FileChange, { state }: FileChangeEntry): Block[] {
  const { path, kind, movedTo, added, removed, hunks } = file;
  const what = movedTo === null ? `${VERBS[kind]} ${path}` : `Move ${path} to ${movedTo}`;
  const end = state === "completed" || state === "running" ? undefined : state;
  return [
    title(what, words(`(+${added} -${removed})`, end)),
    ...code(exact(hunks.map(hunkText).join("\n")), "diff"),
  ];
}

const SIGNS = { context: " ", add: "+", remove: "-" } as const;

function hunkText({ oldStart, newStart, section, lines }: Hunk): string {
  const count = (other: "add" | "remove") => lines.filter(({ kind }) => kind !== other).length;
  const header = `@@ -${oldStart},${count("add")} +${newStart},${count("remove")} @@`;
  return [words(header, section), ...lines.map(({ kind, text }) => SIGNS[kind] + text)].join("\n");
}

function call(
  name: string,
  entry: Extract<Entry, { readonly arguments: unknown }>,
  result: string,
): Block[] {
  const took = entry.durationMs === null ? undefined : duration(entry.durationMs);
  const note = [entry.state, took].filter(Boolean).join(" · ");
  return [title(`Call ${name}`, note), ...code(json(entry.arguments), "json"), ...code(result)];
}

function titled(text: string, entry: Entry, blocks: readonly Block[]): Block[] {
  const note = entry.state === "interrupted" ? entry.state : undefined;
  return blocks.length === 0 ? [] : [title(text, note), ...blocks];
}

function title(text: string, note?: string): Block {
  return { kind: "title", text: exact(text), note: note ? exact(note) : undefined };
}

function markdown(text: string): Block[] {
  return text.trim() === "" ? [] : [{ kind: "markdown", text: text.trim() }];
}

function code(text: string, language = ""): Block[] {
  const trimmed = text.trimEnd().replace(/^\n+/, "");
  return trimmed === "" ? [] : [{ kind: "code", text: trimmed, language }];
}

function list(items: readonly string[]): Block[] {
  return items.length === 0 ? [] : [{ kind: "list", items }];
}

/**
 * Values with more levels aren't indented: no one can read them, and the indentation would grow with the square of the depth.
 */
const MAX_INDENTED = 64;

function json(value: unknown): string {
  try {
    return exact(JSON.stringify(value, undefined, isDeep(value) ? 0 : 2) ?? "");
  } catch {
    return "(nested too deeply to show)";
  }
}

function isDeep(value: unknown, depth = 0): boolean {
  if (typeof value !== "object" || value === null) return false;
  return depth > MAX_INDENTED || Object.values(value).some((one) => isDeep(one, depth + 1));
}
