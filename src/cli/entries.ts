import { lastStates } from "../text/output-text.ts";
import type {
  BoundedText,
  CommandEntry,
  Entry,
  McpCallEntry,
  PlanEntry,
  ToolCallEntry,
  UnknownEntry,
} from "../timeline/index.ts";
import { textOf as foreignText } from "../util/text-of.ts";
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

const ONE_LINE = 120;
/** More of a command wouldn't fit on the spinner's line. */
const ACTIVITY = 200;

/** What an entry does, known at its start. Undefined for entries that are shown only at their end. */
export function entryStart(entry: Entry, cwd: string, paint: Paint): Shown | undefined {
  switch (entry.kind) {
    case "command":
      return commandLine(entry, cwd, paint);
    case "fileChange":
      return join(entry.files.map((file) => renderChange(file, cwd, paint))) || undefined;
    case "mcpCall":
      return callLine(`${entry.server}.${entry.tool}`, entry.arguments, paint);
    case "toolCall":
      return callLine(
        [entry.namespace, entry.tool].filter(Boolean).join("."),
        entry.arguments,
        paint,
      );
    default:
      return undefined;
  }
}

/** The outcome of an entry, shown below its start; undefined if there is nothing more to show. */
export function entryEnd(entry: Entry, paint: Paint): Shown | undefined {
  switch (entry.kind) {
    case "command":
      return commandEnd(entry, paint);
    case "fileChange":
      return entry.state === "completed"
        ? undefined
        : indented([paint("red", outputLine(entry.state))]);
    case "mcpCall":
      return callEnd(entry, entry.error ?? textOf(entry.content), paint);
    case "toolCall":
      return callEnd(entry, [entry.text, ...entry.media.map(() => "[media]")].join("\n"), paint);
    case "reasoning":
      return dimmed(entry.summary.join("\n\n"), paint);
    case "plan":
      return plan(entry, paint);
    case "webSearch":
      return line(show`Web search`, exactLine(entry.url ?? entry.query), paint);
    case "image":
      return line(
        entry.action === "viewed" ? show`Image` : show`New image`,
        exactLine(entry.path ?? ""),
        paint,
      );
    case "review":
      return entry.action === "begun"
        ? line(show`Review`, exactLine(entry.text), paint)
        : undefined;
    case "compaction":
      return show`${paint("dim", show`The thread's history was compacted.`)}\n`;
    case "subAgent":
      return line(
        show`Sub-agent`,
        exactLine(`${entry.action} ${entry.path ?? entry.threadIds.join(", ")}`),
        paint,
      );
    case "modelRerouted":
      return line(show`Model`, exactLine(`${entry.from} → ${entry.to} (${entry.reason})`), paint);
    case "hook":
      return entry.event === null ? line(show`Hook`, exactLine(entry.text), paint) : undefined;
    case "notice":
      // Warnings reach the user as the client's warnings.
      return entry.level === "info" ? line(show`Notice`, exactLine(entry.text), paint) : undefined;
    case "unknown":
      return unknownItem(entry, paint);
    default:
      return undefined;
  }
}

/** A few words about what is running, for the spinner. */
export function entryActivity(entry: Entry): Shown {
  switch (entry.kind) {
    case "command":
      return show`Running ${exactLine(entry.command.slice(0, ACTIVITY))}`;
    case "fileChange":
      return show`Changing files`;
    case "mcpCall":
    case "toolCall":
      return show`Calling ${exactLine(entry.tool.slice(0, ACTIVITY))}`;
    case "webSearch":
      return show`Searching the web`;
    case "reasoning":
      return show`Thinking`;
    case "assistant":
      return show`Answering`;
    default:
      return show`Working`;
  }
}

function commandLine(entry: CommandEntry, cwd: string, paint: Paint): Shown {
  const isElsewhere = entry.cwd !== null && entry.cwd !== cwd;
  const where = isElsewhere ? paint("dim", show`  (in ${exactLine(entry.cwd ?? "")})`) : show``;
  const [first = show``, ...rest] = shortened(exactLines(entry.command));
  return show`${paint("bold", show`$ ${first}`)}${where}\n${indented(rest)}`;
}

function commandEnd(entry: CommandEntry, paint: Paint): Shown {
  const lines = shortened(outputOf(entry.output)).map((one) => paint("dim", one));
  return indented([...lines, commandStatus(entry, paint)]);
}

/**
 * Where a long output was cut, its last line before the cut and its first line after it are
 * incomplete.
 */
function outputOf({ head, omitted, tail }: BoundedText): Shown[] {
  if (omitted === 0) return outputLines(lastStates(head));
  const cut = show`… ${omitted} characters omitted …`;
  return [...outputLines(lastStates(head)), cut, ...outputLines(lastStates(tail))];
}

function commandStatus(entry: CommandEntry, paint: Paint): Shown {
  const { state, exitCode } = entry;
  const took = timeTaken(entry);
  if (exitCode === 0) return paint("green", show`exit 0${took}`);
  const end = exitCode === null ? outputLine(state) : show`exit ${exitCode}`;
  return paint("red", show`${end}${took}`);
}

function callLine(name: string, args: unknown, paint: Paint): Shown {
  const given = shortenLine(exactJson(args), ONE_LINE);
  return show`${paint("bold", exactLine(name))}(${given})\n`;
}

function callEnd(entry: McpCallEntry | ToolCallEntry, result: string, paint: Paint): Shown {
  const lines = shortened(outputLines(result)).map((one) => paint("dim", one));
  const end = show`${outputLine(entry.state)}${timeTaken(entry)}`;
  return indented([...lines, paint(entry.state === "completed" ? "green" : "red", end)]);
}

function timeTaken({ durationMs }: { readonly durationMs: number | null }): Shown {
  return durationMs === null ? show`` : show` · ${duration(durationMs)}`;
}

/** The text of content items; for the others, their type. */
function textOf(content: readonly unknown[] | null): string {
  const items = (content ?? []) as readonly { type?: unknown; text?: unknown }[];
  return items
    .map((item) => (typeof item?.text === "string" ? item.text : `[${foreignText(item?.type)}]`))
    .join("\n");
}

function plan({ text, steps }: PlanEntry, paint: Paint): Shown {
  const title = show`${paint("bold", show`Plan`)}\n`;
  if (steps.length === 0) return show`${title}${indented(outputLines(text))}`;
  const marks = { completed: show`✓`, running: show`→`, pending: show`·` };
  const why = text === "" ? show`` : show`  ${paint("dim", outputLine(text))}\n`;
  const lines = steps.map(({ text, state }) => {
    const step = show`${marks[state]} ${outputLine(text)}`;
    return show`  ${state === "completed" ? paint("dim", step) : step}\n`;
  });
  return show`${title}${why}${join(lines)}`;
}

function dimmed(text: string, paint: Paint): Shown | undefined {
  const read = outputText(text.trim());
  return read === "" ? undefined : show`${paint("dim", read)}\n`;
}

/** One line for an item of a type that this version doesn't know. */
function unknownItem({ type, item }: UnknownEntry, paint: Paint): Shown {
  const {
    type: _type,
    id: _id,
    startedAtMs: _start,
    completedAtMs: _end,
    ...rest
  } = item as Record<string, unknown>;
  return line(outputLine(type), exactJson(rest), paint);
}

function line(what: Shown, detail: Shown, paint: Paint): Shown {
  return show`${paint("bold", what)}: ${shortenLine(detail, ONE_LINE)}\n`;
}
