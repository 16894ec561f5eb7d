import { useMemo, useState } from "preact/hooks";
import type { TurnFacts } from "../../src/traffic/turn-facts.ts";
import { type Bar, waterfallOf } from "../../src/traffic/waterfall.ts";
import type { Recording } from "../data/recording.ts";
import { useClock } from "../data/use-clock.ts";
import { FixedList } from "../lists/fixed-list.tsx";
import { Chip } from "../ui/controls.tsx";
import { Empty } from "../ui/empty.tsx";
import { count, duration, firstLine } from "../ui/format.ts";
import { ShareBar } from "./share-bar.tsx";
import { TurnWaterfall } from "./turn-waterfall.tsx";

interface WaterfallViewProps {
  readonly recording: Recording;
  /** Undefined: all threads. */
  readonly threadIds: ReadonlySet<string> | undefined;
  readonly turnId: string | undefined;
  readonly onTurn: (turnId: string) => void;
  readonly onRow: (rowKey: number) => void;
}

const ROW = 46;

/** The turns, and where the time of the selected one went. */
export function WaterfallView(props: WaterfallViewProps) {
  const { recording, threadIds, turnId, onTurn, onRow } = props;
  const { version, traffic } = recording;
  const [isSlowestFirst, setSlowestFirst] = useState(false);
  const [bar, setBar] = useState<Bar>();
  const turns = useMemo(() => {
    const all = traffic.turns.filter((turn) => threadIds?.has(turn.threadId) ?? true);
    const took = (turn: TurnFacts) => (turn.endedAt ?? recording.now) - turn.startedAt;
    return isSlowestFirst ? all.sort((a, b) => took(b) - took(a)) : all;
  }, [traffic, version, threadIds, isSlowestFirst]);
  const turn = turns.find((one) => one.turnId === turnId) ?? turns.at(isSlowestFirst ? 0 : -1);
  useClock(recording.isLive && turn?.endedAt === undefined);
  const { now } = recording;
  if (!turn) {
    return (
      <Empty title="No turns yet">
        Once a turn has been recorded{recording.isLive ? " while this inspector runs" : ""}, a
        waterfall shows where its time went.
      </Empty>
    );
  }
  return (
    <div class="waterfall-view">
      <aside class="turn-list">
        <div class="toolbar">
          <span class="muted">{count(turns.length, "turn")}</span>
          <Chip
            label="Slowest first"
            isOn={isSlowestFirst}
            onClick={() => setSlowestFirst(!isSlowestFirst)}
          />
        </div>
        <FixedList
          label="Turns"
          count={turns.length}
          rowHeight={ROW}
          keyAt={(index) => turns[index]?.turnId ?? index}
          selected={turns.indexOf(turn)}
          onSelect={(index) => turns[index] && onTurn(turns[index].turnId)}
          row={(index) =>
            turns[index] && <TurnRow turn={turns[index]} now={now} version={version} />
          }
        />
      </aside>
      <TurnWaterfall
        key={turn.turnId}
        turn={turn}
        now={now}
        version={version}
        selected={bar?.id}
        onSelect={setBar}
        onOpen={({ rowKey }) => rowKey !== undefined && onRow(rowKey)}
      />
    </div>
  );
}

function TurnRow({
  turn,
  now,
  version,
}: {
  readonly turn: TurnFacts;
  readonly now: number;
  readonly version: number;
}) {
  const end = turn.endedAt ?? now;
  const { shares, startedAt } = useMemo(() => waterfallOf(turn, end), [turn, version, end]);
  return (
    <div class="turn-row">
      <span class="name">{firstLine(turn.prompt) || turn.turnId}</span>
      <span class={`figure state ${turn.state}`}>{duration(end - startedAt)}</span>
      <ShareBar shares={shares} />
    </div>
  );
}
