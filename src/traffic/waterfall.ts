import type { Span, SpanKind } from "./span.ts";
import type { TurnFacts } from "./turn-facts.ts";

/** What a turn's time was spent on. */
export type Activity =
  | "waiting"
  | "commands"
  | "fileChanges"
  | "tools"
  | "webSearch"
  | "agents"
  | "hooks"
  | "compaction"
  | "retries"
  | "model";

/** The bars of a turn, from top to bottom. */
export interface Waterfall {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly bars: readonly Bar[];
  /** Where the time went, longest first; the sum is the turn's duration. */
  readonly shares: readonly Share[];
}

export interface Bar {
  readonly id: string;
  readonly activity: Activity;
  readonly label: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly isRunning: boolean;
  readonly state: Span["state"];
  readonly rowKey: number | undefined;
  /** What the model streamed meanwhile. */
  readonly parts: readonly Span[];
}

export interface Share {
  readonly activity: Activity;
  readonly ms: number;
  /** The longest bar with this activity, if it is known. */
  readonly longest: { readonly label: string; readonly ms: number } | undefined;
}

/** Of simultaneous activities, the first in this order counts. */
const PRIORITY: readonly Activity[] = [
  "waiting",
  "retries",
  "commands",
  "fileChanges",
  "tools",
  "webSearch",
  "hooks",
  "compaction",
  "agents",
];

const ACTIVITIES: Readonly<Record<SpanKind, Activity>> = {
  approval: "waiting",
  question: "waiting",
  command: "commands",
  fileChange: "fileChanges",
  tool: "tools",
  webSearch: "webSearch",
  agent: "agents",
  hook: "hooks",
  compaction: "compaction",
  retry: "retries",
  reasoning: "model",
  message: "model",
  other: "tools",
};

interface Gap {
  readonly start: number;
  readonly end: number;
}

/** The maximum number of gaps in which something streamed is shown. */
const MOST_GAPS = 100;

/** In milliseconds: a shorter gap between two items counts as the server's own work. */
const LEAST_MODEL_MS = 1;

/** Where the time of a turn went; `now` is the end of a running turn. */
export function waterfallOf(turn: TurnFacts, now: number): Waterfall {
  const { startedAt, spans } = turn;
  const endedAt = Math.max(startedAt, turn.endedAt ?? now);
  const end = (span: Span) => Math.min(span.endedAt ?? endedAt, endedAt);
  const work = spans.filter(({ kind }) => ACTIVITIES[kind] !== "model");
  const streamed = spans.filter(({ kind }) => ACTIVITIES[kind] === "model");
  const gaps = gapsBetween(work, startedAt, endedAt, end);
  const streamedIn = partsOf(gaps, streamed, end);
  const model = gaps.map((gap, index): Bar => {
    const parts = streamedIn[index] ?? [];
    const isRunning = turn.endedAt === undefined && gap.end === endedAt;
    return {
      ...{ id: `model ${index}`, activity: "model", label: "Model", parts, isRunning },
      ...{ startedAt: gap.start, endedAt: gap.end, state: isRunning ? "running" : "completed" },
      rowKey: parts[0]?.rowKey,
    };
  });
  const bars = work.map(
    (span): Bar => ({
      ...{ id: span.id, activity: ACTIVITIES[span.kind], label: span.label, parts: [] },
      ...{ startedAt: span.startedAt, endedAt: end(span), state: span.state },
      ...{ isRunning: span.endedAt === undefined && turn.endedAt === undefined },
      rowKey: span.rowKey,
    }),
  );
  const all = [...bars, ...model].sort((a, b) => a.startedAt - b.startedAt);
  return { startedAt, endedAt, bars: all, shares: sharesOf(all, startedAt, endedAt) };
}

/** What was streamed in each gap, without comparing every gap with every span. */
function partsOf(
  gaps: readonly Gap[],
  streamed: readonly Span[],
  end: (span: Span) => number,
): Span[][] {
  const parts = gaps.map((): Span[] => []);
  for (const span of streamed) {
    let [first, last] = [0, gaps.length];
    while (first < last) {
      const middle = (first + last) >> 1;
      if ((gaps[middle]?.end ?? 0) > span.startedAt) last = middle;
      else first = middle + 1;
    }
    for (const [index, gap] of gaps.slice(first, first + MOST_GAPS).entries()) {
      if (end(span) < gap.start) break;
      parts[first + index]?.push(span);
    }
  }
  return parts;
}

/** The times in which nothing else ran, so the model was working. */
function gapsBetween(
  work: readonly Span[],
  startedAt: number,
  endedAt: number,
  end: (span: Span) => number,
): Gap[] {
  const gaps: Gap[] = [];
  let at = startedAt;
  for (const span of [...work].sort((a, b) => a.startedAt - b.startedAt)) {
    if (span.startedAt > at) gaps.push({ start: at, end: span.startedAt });
    at = Math.max(at, end(span));
  }
  if (endedAt > at) gaps.push({ start: at, end: endedAt });
  return gaps.filter(({ start, end }) => end - start >= LEAST_MODEL_MS);
}

function sharesOf(bars: readonly Bar[], startedAt: number, endedAt: number): Share[] {
  const edges = bars
    .filter(({ activity }) => activity !== "model")
    .flatMap(({ activity, ...bar }) => [
      { at: Math.max(bar.startedAt, startedAt), activity, by: 1 },
      { at: Math.min(bar.endedAt, endedAt), activity, by: -1 },
    ])
    .sort((a, b) => a.at - b.at);
  const running = new Map<Activity, number>();
  const sums = new Map<Activity, number>();
  let from = startedAt;
  for (const { at, activity, by } of [
    ...edges,
    { at: endedAt, activity: "model", by: 0 } as const,
  ]) {
    const spent = PRIORITY.find((one) => (running.get(one) ?? 0) > 0) ?? "model";
    sums.set(spent, (sums.get(spent) ?? 0) + Math.max(0, at - from));
    from = Math.max(from, at);
    running.set(activity, (running.get(activity) ?? 0) + by);
  }
  return [...sums]
    .map(([activity, ms]) => ({ activity, ms, longest: longestOf(bars, activity) }))
    .filter(({ ms }) => ms > 0)
    .sort((a, b) => b.ms - a.ms);
}

function longestOf(bars: readonly Bar[], activity: Activity): Share["longest"] {
  const [longest] = bars
    .filter((bar) => bar.activity === activity)
    .map(({ label, startedAt, endedAt }) => ({ label, ms: endedAt - startedAt }))
    .sort((a, b) => b.ms - a.ms);
  return longest;
}
