import type { ThreadView, TurnView } from "../timeline/index.ts";
import type { TraceEvent } from "../trace/format.ts";
import type { Trace } from "../trace/read-trace.ts";
import { isRecord } from "../util/describe.ts";
import { duration, join, outputLine, type Paint, type Shown, shortenLine, show } from "./text.ts";
import { type Facts, factsOf, type RequestFacts, type TurnFacts, textOf } from "./trace-facts.ts";
import { timelinesOf } from "./trace-timelines.ts";

const MOST_LINES = 30;
const SLOWEST = 5;
const PROMPT_CHARS = 70;

/** A readable summary of a trace: its turns, where their time went, and what went wrong. */
export function summaryOf(trace: Trace, paint: Paint): Shown {
  const facts = factsOf(trace.entries);
  const waits = waitsOf(facts);
  const views = new Map(
    timelinesOf(trace.entries).flatMap(({ snapshot }) =>
      turnsOf(snapshot).map((turn) => [turn.id, turn] as const),
    ),
  );
  const sections: (readonly [Shown, readonly Shown[]])[] = [
    [
      show`Turns`,
      facts.turns.map((turn) => turnText(turn, views.get(turn.turnId), waits.get(turn.turnId))),
    ],
    [show`Slowest requests`, slowest(facts)],
    [show`Without an answer`, unanswered(facts)],
    [show`Problems`, problems(trace, facts, views)],
  ];
  const shown = sections.filter(([, lines]) => lines.length > 0);
  return join([
    head(trace, facts),
    ...shown.map(([title, lines]) => show`\n${paint("bold", title)}\n${join(atMost(lines))}`),
  ]);
}

/** Includes those of its sub-agents. */
function turnsOf({ turns, agents }: ThreadView): TurnView[] {
  return [...turns, ...agents.flatMap(turnsOf)];
}

function head({ header, entries, isCut }: Trace, { sent, received }: Facts): Shown {
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

/** How long each turn waited for answers to the server's requests. */
function waitsOf({ requests }: Facts): ReadonlyMap<string | undefined, number> {
  const waits = new Map<string | undefined, number>();
  for (const { byServer, turnId, sentAt, answeredAt = sentAt } of requests) {
    if (byServer) waits.set(turnId, (waits.get(turnId) ?? 0) + answeredAt - sentAt);
  }
  return waits;
}

function turnText(turn: TurnFacts, view: TurnView | undefined, waited = 0): Shown {
  const { endedAt, startedAt, firstTextAt, itemMs, turnId } = turn;
  const took = endedAt === undefined ? show`not ended` : duration(endedAt - startedAt);
  const parts = [
    firstTextAt === undefined
      ? undefined
      : show`first text after ${duration(firstTextAt - startedAt)}`,
    timeOf(itemMs, "commands", ["commandExecution"]),
    timeOf(itemMs, "file changes", ["fileChange"]),
    timeOf(itemMs, "tools", ["mcpToolCall", "dynamicToolCall"]),
    waited === 0 ? undefined : show`waiting for answers ${duration(waited)}`,
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

function timeOf(itemMs: TurnFacts["itemMs"], what: string, types: readonly string[]) {
  const ms = types.reduce((sum, type) => sum + (itemMs.get(type) ?? 0), 0);
  return ms === 0 ? undefined : show`${outputLine(what)} ${duration(ms)}`;
}

function tokens({ totalTokens, inputTokens, outputTokens }: NonNullable<TurnView["usage"]>): Shown {
  return show`${totalTokens} tokens: ${inputTokens} in, ${outputTokens} out`;
}

function slowest({ requests }: Facts): Shown[] {
  return requests
    .flatMap(({ method, byServer, sentAt, answeredAt }) =>
      answeredAt === undefined || byServer ? [] : [{ method, ms: answeredAt - sentAt }],
    )
    .sort((a, b) => b.ms - a.ms)
    .slice(0, SLOWEST)
    .map(({ method, ms }) => show`  ${duration(ms)}  ${outputLine(method)}\n`);
}

function unanswered({ requests }: Facts): Shown[] {
  return requests
    .filter(({ answeredAt }) => answeredAt === undefined)
    .map((request) => show`  ${when(request.sentAt)} ${outputLine(nameOf(request))}\n`);
}

function problems(trace: Trace, facts: Facts, views: ReadonlyMap<string, TurnView>): Shown[] {
  const found: { readonly at: number; readonly what: string }[] = [
    ...facts.requests.flatMap((request) =>
      request.error === undefined
        ? []
        : [
            {
              at: request.answeredAt ?? request.sentAt,
              what: `${nameOf(request)} failed: ${request.error}`,
            },
          ],
    ),
    ...facts.turns.flatMap(({ turnId, endedAt = 0 }) => {
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

function nameOf({ method, byServer }: RequestFacts): string {
  return byServer ? `${method} (by the server)` : method;
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
