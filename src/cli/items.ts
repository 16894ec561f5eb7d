import type { ThreadItem } from "../index.ts";
import { lastStates } from "../text/output-text.ts";
import { unwrapShell } from "../text/shell-words.ts";
import { renderChange } from "./diff.ts";
import {
  duration,
  exactJson,
  exactLine,
  exactLines,
  indented,
  join,
  outputLine,
  outputLines,
  outputText,
  type Paint,
  type Shown,
  shortened,
  shortenLine,
  show,
} from "./text.ts";

type Item<T extends ThreadItem["type"]> = Extract<ThreadItem, { type: T }>;

const ONE_LINE = 120;
/** More of a command wouldn't fit on the spinner's line. */
const ACTIVITY = 200;

/** What an item does, known at its start. Undefined for items that are shown only at their end. */
export function itemStart(item: ThreadItem, cwd: string, paint: Paint): Shown | undefined {
  switch (item.type) {
    case "commandExecution":
      return commandLine(item, cwd, paint);
    case "fileChange":
      return join(item.changes.map((change) => renderChange(change, cwd, paint))) || undefined;
    case "mcpToolCall":
      return callLine(`${item.server}.${item.tool}`, item.arguments, paint);
    case "dynamicToolCall":
      return callLine([item.namespace, item.tool].filter(Boolean).join("."), item.arguments, paint);
    default:
      return undefined;
  }
}

/** The outcome of an item, to follow its start; undefined if there is nothing more to show. */
export function itemEnd(item: ThreadItem, paint: Paint): Shown | undefined {
  switch (item.type) {
    case "userMessage":
    case "agentMessage":
      return undefined;
    case "commandExecution":
      return commandEnd(item, paint);
    case "fileChange":
      return item.status === "completed"
        ? undefined
        : indented([paint("red", outputLine(item.status))]);
    case "mcpToolCall":
      return callEnd(item, item.error?.message ?? textOf(item.result?.content), paint);
    case "dynamicToolCall":
      return callEnd(item, textOf(item.contentItems), paint);
    case "reasoning":
      return dimmed(item.summary.join("\n\n"), paint);
    case "plan":
      return show`${paint("bold", show`Plan`)}\n${indented(outputLines(item.text))}`;
    case "webSearch":
      return line(show`Web search`, exactLine(searched(item)), paint);
    case "imageView":
      return line(show`Image`, exactLine(item.path), paint);
    case "contextCompaction":
      return show`${paint("dim", show`The thread's history was compacted.`)}\n`;
    default:
      return otherItem(item, paint);
  }
}

/** A few words on what is running, for the spinner. */
export function itemActivity(item: ThreadItem): Shown {
  switch (item.type) {
    case "commandExecution":
      return show`Running ${exactLine(unwrapShell(item.command).slice(0, ACTIVITY))}`;
    case "fileChange":
      return show`Changing files`;
    case "mcpToolCall":
    case "dynamicToolCall":
      return show`Calling ${exactLine(item.tool.slice(0, ACTIVITY))}`;
    case "webSearch":
      return show`Searching the web`;
    case "reasoning":
      return show`Thinking`;
    case "agentMessage":
      return show`Answering`;
    default:
      return show`Working`;
  }
}

function commandLine(item: Item<"commandExecution">, cwd: string, paint: Paint): Shown {
  const where = item.cwd === cwd ? show`` : paint("dim", show`  (in ${exactLine(item.cwd)})`);
  const [first = show``, ...rest] = shortened(exactLines(unwrapShell(item.command)));
  return show`${paint("bold", show`$ ${first}`)}${where}\n${indented(rest)}`;
}

function commandEnd(item: Item<"commandExecution">, paint: Paint): Shown {
  const output = outputLines(lastStates(item.aggregatedOutput ?? ""));
  const lines = shortened(output).map((one) => paint("dim", one));
  return indented([...lines, commandStatus(item, paint)]);
}

function commandStatus(item: Item<"commandExecution">, paint: Paint): Shown {
  const { status, exitCode } = item;
  const took = timeTaken(item);
  if (exitCode === 0) return paint("green", show`exit 0${took}`);
  const end = exitCode === null ? outputLine(status) : show`exit ${Number(exitCode)}`;
  return paint("red", show`${end}${took}`);
}

function callLine(name: string, args: unknown, paint: Paint): Shown {
  const given = shortenLine(exactJson(args), ONE_LINE);
  return show`${paint("bold", exactLine(name))}(${given})\n`;
}

function callEnd(
  item: { readonly status: string; readonly durationMs: number | null },
  result: string,
  paint: Paint,
): Shown {
  const lines = shortened(outputLines(result)).map((one) => paint("dim", one));
  const end = show`${outputLine(item.status)}${timeTaken(item)}`;
  return indented([...lines, paint(item.status === "completed" ? "green" : "red", end)]);
}

function timeTaken({ durationMs }: { readonly durationMs: number | null }): Shown {
  return durationMs === null ? show`` : show` · ${duration(durationMs)}`;
}

/** The text of content items; for the others, their type. */
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

function dimmed(text: string, paint: Paint): Shown | undefined {
  const read = outputText(text.trim());
  return read === "" ? undefined : show`${paint("dim", read)}\n`;
}

/** One line for an item without a format of its own, or of a type that this version doesn't know. */
function otherItem(item: object, paint: Paint): Shown {
  const {
    type,
    id: _id,
    startedAtMs: _start,
    completedAtMs: _end,
    ...rest
  } = item as Record<string, unknown>;
  return line(outputLine(String(type)), exactJson(rest), paint);
}

function line(what: Shown, detail: Shown, paint: Paint): Shown {
  return show`${paint("bold", what)}: ${shortenLine(detail, ONE_LINE)}\n`;
}
