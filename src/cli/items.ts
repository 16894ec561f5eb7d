import type { ThreadItem } from "../index.ts";
import { lastStates } from "../text/output-text.ts";
import { renderChange } from "./diff.ts";
import { unwrapShell } from "./shell-words.ts";
import {
  duration,
  exactJson,
  exactLine,
  exactLines,
  indented,
  outputLine,
  outputText,
  type Paint,
  shortened,
  shortenLine,
} from "./text.ts";

type Item<T extends ThreadItem["type"]> = Extract<ThreadItem, { type: T }>;

const ONE_LINE = 120;
/** More of a command would not fit the spinner's line. */
const ACTIVITY = 200;

/** What is known of an item when it starts: what the agent is about to do. Undefined for what shows only its end. */
export function itemStart(item: ThreadItem, cwd: string, paint: Paint): string | undefined {
  switch (item.type) {
    case "commandExecution":
      return commandLine(item, cwd, paint);
    case "fileChange":
      return item.changes.map((change) => renderChange(change, cwd, paint)).join("") || undefined;
    case "mcpToolCall":
      return callLine(`${item.server}.${item.tool}`, item.arguments, paint);
    case "dynamicToolCall":
      return callLine([item.namespace, item.tool].filter(Boolean).join("."), item.arguments, paint);
    default:
      return undefined;
  }
}

/** What came of an item, to follow its start; undefined when there is nothing more to say. */
export function itemEnd(item: ThreadItem, paint: Paint): string | undefined {
  switch (item.type) {
    case "userMessage":
    case "agentMessage":
      return undefined;
    case "commandExecution":
      return commandEnd(item, paint);
    case "fileChange":
      return item.status === "completed" ? undefined : indented([paint("red", item.status)]);
    case "mcpToolCall":
      return callEnd(item, item.error?.message ?? textOf(item.result?.content), paint);
    case "dynamicToolCall":
      return callEnd(item, textOf(item.contentItems), paint);
    case "reasoning":
      return dimmed(item.summary.join("\n\n"), paint);
    case "plan":
      return `${paint("bold", "Plan")}\n${indented(outputText(item.text).trimEnd().split("\n"))}`;
    case "webSearch":
      return line("Web search", exactLine(searched(item)), paint);
    case "imageView":
      return line("Image", exactLine(item.path), paint);
    case "contextCompaction":
      return `${paint("dim", "The thread's history was compacted.")}\n`;
    default:
      return otherItem(item, paint);
  }
}

/** A few words on what runs, for the spinner. */
export function itemActivity(item: ThreadItem): string {
  switch (item.type) {
    case "commandExecution":
      return `Running ${exactLine(unwrapShell(item.command).slice(0, ACTIVITY))}`;
    case "fileChange":
      return "Changing files";
    case "mcpToolCall":
    case "dynamicToolCall":
      return `Calling ${exactLine(item.tool.slice(0, ACTIVITY))}`;
    case "webSearch":
      return "Searching the web";
    case "reasoning":
      return "Thinking";
    case "agentMessage":
      return "Answering";
    default:
      return "Working";
  }
}

function commandLine(item: Item<"commandExecution">, cwd: string, paint: Paint): string {
  const where = item.cwd === cwd ? "" : paint("dim", `  (in ${exactLine(item.cwd)})`);
  const [first = "", ...rest] = shortened(exactLines(unwrapShell(item.command)));
  return `${paint("bold", `$ ${first}`)}${where}\n${indented(rest)}`;
}

function commandEnd(item: Item<"commandExecution">, paint: Paint): string {
  const lines = outputLines(lastStates(item.aggregatedOutput ?? "")).map((one) =>
    paint("dim", one),
  );
  return indented([...lines, commandStatus(item, paint)]);
}

function commandStatus({ status, exitCode, durationMs }: Item<"commandExecution">, paint: Paint) {
  const took = durationMs === null ? "" : ` · ${duration(durationMs)}`;
  if (exitCode === 0) return paint("green", `exit 0${took}`);
  return paint("red", exitCode === null ? `${status}${took}` : `exit ${exitCode}${took}`);
}

function callLine(name: string, args: unknown, paint: Paint): string {
  const given = shortenLine(exactJson(args), ONE_LINE);
  return `${paint("bold", exactLine(name))}(${given})\n`;
}

function callEnd(
  { status, durationMs }: { status: string; durationMs: number | null },
  result: string,
  paint: Paint,
): string {
  const lines = outputLines(result).map((one) => paint("dim", one));
  const took = durationMs === null ? "" : ` · ${duration(durationMs)}`;
  return indented([...lines, paint(status === "completed" ? "green" : "red", `${status}${took}`)]);
}

/** Of text to be read, what is shown. */
function outputLines(text: string): string[] {
  const shown = outputText(text).trimEnd();
  return shown === "" ? [] : shortened(shown.split("\n"));
}

/** The text among content items; of the others their type. */
function textOf(content: readonly unknown[] | null | undefined): string {
  const items = (content ?? []) as readonly { type?: unknown; text?: unknown }[];
  return items
    .map((item) => (typeof item?.text === "string" ? item.text : `[${String(item?.type)}]`))
    .join("\n");
}

function searched({ query, action }: Item<"webSearch">): string {
  if (action?.type === "openPage" || action?.type === "findInPage") return action.url ?? query;
  return query;
}

function dimmed(text: string, paint: Paint): string | undefined {
  const lines = outputText(text).trim();
  return lines === "" ? undefined : `${paint("dim", lines)}\n`;
}

/** One line on an item that has no form of its own, or that this version does not know. */
function otherItem(item: object, paint: Paint): string {
  const {
    type,
    id: _id,
    startedAtMs: _start,
    completedAtMs: _end,
    ...rest
  } = item as Record<string, unknown>;
  return line(String(type), exactJson(rest), paint);
}

function line(what: string, detail: string, paint: Paint): string {
  return `${paint("bold", outputLine(what))}: ${shortenLine(detail, ONE_LINE)}\n`;
}
