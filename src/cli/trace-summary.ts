import { textOf } from "../text/json-text.ts";
import type { ThreadView, TurnView } from "../timeline/index.ts";
import type { TraceEvent } from "../trace/format.ts";
import type { Trace } from "../trace/read-trace.ts";
import type { RequestRow } from "../traffic/rows.ts";
import type { Span } from "../traffic/span.ts";
import { Traffic } from "../traffic/traffic.ts";
import type { TurnFacts } from "../traffic/turn-facts.ts";
import { isRecord } from "../util/describe.ts";
import { duration, join, outputLine, type Paint, type Shown, shortenLine, show } from "./text.ts";
import { timelinesOf } from "./trace-timelines.ts";

const MOST_LINES = 30;
const SLOWEST = 5;
const PROMPT_CHARS = 70;

/** A readable summary of a trace: its turns, where their time went, and what went wrong. */
export function summaryOf(trace: Trace, paint: Paint): Shown {
  const traffic = Traffic.of(trace.entries);
  const views = new Map(
    timelinesOf(trace.entries).flatMap(({ snapshot }) =>
      turnsOf(snapshot).map((turn) => [turn.id, turn] as const),
    ),
  );
  const sections: (readonly [Shown, readonly Shown[]])[] = [
    [show`Turns`, traffic.turns.map((turn) => turnText(turn, views.get(turn.turnId)))],
    [show`Slowest requests`, slowest(traffic)],
    [show`Without an answer`, unanswered(traffic)],
    [show`Problems`, problems(trace, traffic, views)],
  ];
  const shown = sections.filter(([, lines]) => lines.length > 0);
  return join([
    head(trace, traffic),
    ...shown.map(([title, lines]) => show`\n${paint("bold", title)}\n${join(atMost(lines))}`),
  ]);
}

/** The turns of a thread and of its sub-agents. */
function turnsOf({ turns, agents }: ThreadView): TurnView[] {
  return [...turns, ...agents.flatMap(turnsOf)];
}

function head({ header, entries, isCut }: Trace, { sent, received }: Traffic): Shown {
  const took = duration(entries.at(-1)?.at ?? 0);
  const connections = entries.filter((entry) => "event" in entry && entry.event === "connected");
  const cut = isCut
    ? show`The beginning was deleted because the trace had reached its maximum size.\n`
    : show``;
  return join([
    show`Recorded ${outputLine(header.startedAt)} by codex-app-server ${outputLine(header.client)}, ${outputLine(header.runtime)}\n`,
    show`Server: ${serverOf(entries)}, ${outputLine(header.endpoint.name)}\n`,
    show`${took}, ${count(sent, "message")} sent, ${received} received, ${count(connections.length, "connection")}\n`,
    cut,
  ]);
}

function serverOf(entries: Trace["entries"]): Shown {
  for (const entry of entries) {
    if (!("direction" in entry) || !isRecord(entry.message)) continue;
    const { result } = entry.message;
    if (isRecord(result) && typeof result.userAgent === "string")
      return outputLine(result.userAgent);
  }
  return show`unknown`;
}

function turnText(turn: TurnFacts, view: TurnView | undefined): Shown {
  const { endedAt, startedAt, firstTextAt, spans, turnId } = turn;
  const took = endedAt === undefined ? show`not ended` : duration(endedAt - startedAt);
  const parts = [
    firstTextAt === undefined
      ? undefined
      : show`first text after ${duration(firstTextAt - startedAt)}`,
    timeOf(spans, "commands", ["command"]),
    timeOf(spans, "file changes", ["fileChange"]),
    timeOf(spans, "tools", ["tool"]),
    timeOf(spans, "waiting for answers", ["approval", "question"]),
    view?.usage ? tokens(view.usage) : undefined,
  ].filter((part) => part !== undefined);
  const first = view?.entries.find(({ kind }) => kind === "userMessage");
  const prompt = first?.kind === "userMessage" ? first.text : "";
  const details = parts.length === 0 ? show`` : show`    ${join(parts, " · ")}\n`;
  return join([
    show`  ${outputLine(turnId)}  ${outputLine(view?.state ?? "unknown")}, ${took}`,
    prompt === "" ? show`\n` : show`  ${shortenPrompt(prompt)}\n`,
    details,
  ]);
}

function shortenPrompt(prompt: string): Shown {
  const line = outputLine(prompt);
  return line.length <= PROMPT_CHARS ? line : show`${line.slice(0, PROMPT_CHARS) as Shown}…`;
}

function timeOf(spans: readonly Span[], what: string, kinds: readonly Span["kind"][]) {
  const ms = spans
    .filter(({ kind }) => kinds.includes(kind))
    .reduce((sum, { startedAt, endedAt = startedAt }) => sum + endedAt - startedAt, 0);
  return ms === 0 ? undefined : show`${outputLine(what)} ${duration(ms)}`;
}

function tokens({ totalTokens, inputTokens, outputTokens }: NonNullable<TurnView["usage"]>): Shown {
  return show`${totalTokens} tokens: ${inputTokens} in, ${outputTokens} out`;
}

function slowest({ requests }: Traffic): Shown[] {
  return requests
    .flatMap(({ method, byServer, at, endedAt, answer }) =>
      endedAt === undefined || answer === undefined || byServer
        ? []
        : [{ method, ms: endedAt - at }],
    )
    .sort((a, b) => b.ms - a.ms)
    .slice(0, SLOWEST)
    .map(({ method, ms }) => show`  ${duration(ms)}  ${outputLine(method)}\n`);
}

function unanswered({ requests }: Traffic): Shown[] {
  return requests
    .filter(({ state }) => state === "pending" || state === "unanswered")
    .map((request) => show`  ${when(request.at)} ${outputLine(nameOf(request))}\n`);
}

function problems(trace: Trace, traffic: Traffic, views: ReadonlyMap<string, TurnView>): Shown[] {
  const found: { readonly at: number; readonly what: string }[] = [
    ...traffic.requests.flatMap((request) =>
      request.error === undefined
        ? []
        : [
            {
              at: request.endedAt ?? request.at,
              what: `${nameOf(request)} failed: ${request.error}`,
            },
          ],
    ),
    ...traffic.turns.flatMap(({ turnId, endedAt = 0 }) => {
      const error = views.get(turnId)?.error;
      return error ? [{ at: endedAt, what: `turn ${turnId} failed: ${error.message}` }] : [];
    }),
    ...trace.entries.flatMap((entry) => ("event" in entry ? eventProblem(entry) : [])),
  ];
  return found
    .sort((a, b) => a.at - b.at)
    .map(({ at, what }) => show`  ${when(at)} ${shortenLine(outputLine(what))}\n`);
}

function eventProblem({ at, event, details }: TraceEvent) {
  const { code, message, byClient } = details;
  if (event === "warning") return [{ at, what: `warning ${textOf(code)}: ${textOf(message)}` }];
  if (event !== "disconnected" || byClient === true) return [];
  return [{ at, what: `the connection was lost: ${textOf(message)}` }];
}

function nameOf({ method, byServer }: RequestRow): string {
  return byServer ? `${method} (from the server)` : method;
}

function when(at: number): Shown {
  return show`at ${duration(at)}:`;
}

function count(number: number, what: string): Shown {
  return show`${number} ${outputLine(number === 1 ? what : `${what}s`)}`;
}

function atMost(lines: readonly Shown[]): readonly Shown[] {
  if (lines.length <= MOST_LINES) return lines;
  return [...lines.slice(0, MOST_LINES), show`  … and ${lines.length - MOST_LINES} more\n`];
}
