import { useMemo } from "preact/hooks";
import type { TurnFacts } from "../../src/traffic/turn-facts.ts";
import { type Bar, type Waterfall, waterfallOf } from "../../src/traffic/waterfall.ts";
import { FixedList } from "../lists/fixed-list.tsx";
import { duration, firstLine, shortPath, tokens } from "../ui/format.ts";
import { ACTIVITY_NAMES } from "./activities.ts";
import { ShareBar, ShareList, Swatch } from "./share-bar.tsx";
import { ticksOf } from "./ticks.ts";
import { verdictOf } from "./verdict.ts";

interface TurnWaterfallProps {
  readonly turn: TurnFacts;
  readonly now: number;
  readonly version: number;
  readonly selected: string | undefined;
  readonly onSelect: (bar: Bar) => void;
  readonly onOpen: (bar: Bar) => void;
}

const ROW = 24;

/** Where the time of a turn went: a summary, and a bar for each thing that took time. */
export function TurnWaterfall(props: TurnWaterfallProps) {
  const { turn, now, version, selected, onSelect, onOpen } = props;
  const end = turn.endedAt ?? now;
  const waterfall = useMemo(() => waterfallOf(turn, end), [turn, version, end]);
  const { bars, shares, startedAt, endedAt } = waterfall;
  const firstText = turn.firstTextAt === undefined ? undefined : turn.firstTextAt - startedAt;
  return (
    <section class="turn-waterfall" aria-label="Where the time of the turn went">
      <header class="turn-summary">
        <h2>{firstLine(turn.prompt) || turn.turnId}</h2>
        <p class="muted facts">
          <span class={`state ${turn.state}`}>{turn.state}</span>
          <span>{duration(endedAt - startedAt)}</span>
          {turn.model !== undefined && <span>{turn.model}</span>}
          {turn.tokens && (
            <span
              title={`${turn.tokens.input} in (${turn.tokens.cached} cached), ${turn.tokens.output} out`}
            >
              {tokens(turn.tokens.total)} tokens
            </span>
          )}
          {firstText !== undefined && <span>first text after {duration(firstText)}</span>}
        </p>
        {turn.error !== undefined && <p class="problem">{turn.error}</p>}
        <p class="verdict">{verdictOf(shares, firstText)}</p>
        <ShareBar shares={shares} />
        <ShareList shares={shares} />
      </header>
      <Axis waterfall={waterfall} />
      <FixedList
        label="Activities of the turn"
        class="bars"
        count={bars.length}
        rowHeight={ROW}
        keyAt={(index) => bars[index]?.id ?? index}
        selected={bars.findIndex(({ id }) => id === selected)}
        onSelect={(index) => bars[index] && onSelect(bars[index])}
        onOpen={(index) => bars[index] && onOpen(bars[index])}
        row={(index) => bars[index] && <BarRow bar={bars[index]} waterfall={waterfall} />}
      />
    </section>
  );
}

function Axis({ waterfall }: { readonly waterfall: Waterfall }) {
  const total = waterfall.endedAt - waterfall.startedAt;
  return (
    <div class="axis" aria-hidden="true">
      <span class="bar-label" />
      <span class="bar-track">
        {ticksOf(total).map((at) => (
          <span key={at} class="tick" style={{ left: `${(100 * at) / total}%` }}>
            {duration(at)}
          </span>
        ))}
      </span>
      <span class="bar-took" />
    </div>
  );
}

function BarRow({ bar, waterfall }: { readonly bar: Bar; readonly waterfall: Waterfall }) {
  const total = Math.max(0.001, waterfall.endedAt - waterfall.startedAt);
  const place = (from: number, to: number) => ({
    "--from": `${(100 * (from - waterfall.startedAt)) / total}%`,
    "--to": `${(100 * (to - waterfall.startedAt)) / total}%`,
  });
  const problem = bar.state === "failed" || bar.state === "declined" ? bar.state : "";
  return (
    <div class={`bar-row ${problem}`} title={`${ACTIVITY_NAMES[bar.activity]}: ${bar.label}`}>
      <span class="bar-label">
        <Swatch activity={bar.activity} />
        <span class={bar.activity === "commands" ? "mono name" : "name"}>
          {bar.activity === "fileChanges" ? shortPath(bar.label) : firstLine(bar.label)}
          {bar.parts.length > 0 && <span class="muted"> {partsOf(bar)}</span>}
        </span>
      </span>
      <span class="bar-track">
        <span
          class={`bar activity ${bar.activity} ${bar.isRunning ? "running" : ""}`}
          style={place(bar.startedAt, bar.endedAt)}
        />
        {bar.parts.map(({ id, kind, startedAt, endedAt = bar.endedAt }) => (
          <span
            key={id}
            class={`bar part ${kind}`}
            style={place(Math.max(startedAt, bar.startedAt), Math.min(endedAt, bar.endedAt))}
          />
        ))}
      </span>
      <span class="bar-took">{duration(bar.endedAt - bar.startedAt)}</span>
    </div>
  );
}

/** What the model streamed meanwhile. */
function partsOf({ parts }: Bar): string {
  return [...new Set(parts.map(({ label }) => label.toLowerCase()))].join(", ");
}
