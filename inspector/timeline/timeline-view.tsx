import { useMemo } from "preact/hooks";
import type { ThreadView } from "../../src/timeline/index.ts";
import { waterfallOf } from "../../src/traffic/waterfall.ts";
import type { Recording } from "../data/recording.ts";
import { MeasuredList } from "../lists/measured-list.tsx";
import { Button } from "../ui/controls.tsx";
import { duration, tokens } from "../ui/format.ts";
import { ShareBar } from "../waterfall/share-bar.tsx";
import { EntryView } from "./entry.tsx";
import { estimateOf, rowsOf, type TimelineRow } from "./rows.ts";

interface TimelineViewProps {
  readonly view: ThreadView;
  readonly recording: Recording;
  readonly onTurn: (turnId: string) => void;
  readonly openThread: (threadId: string) => void;
  /** Loads older turns; undefined if there are none. */
  readonly onOlder?: () => void;
}

/** A thread's history, entry by entry. */
export function TimelineView(props: TimelineViewProps) {
  const { view, recording, onTurn, openThread, onOlder } = props;
  const rows = useMemo(() => rowsOf(view), [view]);
  const keys = useMemo(() => rows.map(({ key }) => key), [rows]);
  return (
    <MeasuredList
      key={view.threadId}
      label="Timeline"
      keys={keys}
      before={
        onOlder && (
          <p class="older">
            <Button label="Show older turns" icon="up" onClick={onOlder} />
          </p>
        )
      }
      estimate={(index) => (rows[index] ? estimateOf(rows[index]) : 0)}
      row={(index) => {
        const row = rows[index];
        return (
          row && <Row row={row} recording={recording} onTurn={onTurn} openThread={openThread} />
        );
      }}
    />
  );
}

type RowProps = Omit<TimelineViewProps, "view" | "onOlder"> & { readonly row: TimelineRow };

function Row({ row, recording, onTurn, openThread }: RowProps) {
  const shown = row.kind === "turn" ? row.turn : row.entry;
  const version = row.kind === "turn" ? recording.version : 0;
  return useMemo(
    () =>
      row.kind === "turn" ? (
        <TurnHead row={row} recording={recording} onTurn={onTurn} />
      ) : (
        <EntryView entry={row.entry} openThread={openThread} />
      ),
    [shown, version],
  );
}

interface TurnHeadProps {
  readonly row: Extract<TimelineRow, { kind: "turn" }>;
  readonly recording: Recording;
  readonly onTurn: (turnId: string) => void;
}

function TurnHead({ row: { turn, number }, recording, onTurn }: TurnHeadProps) {
  const facts = recording.traffic.turn(turn.id);
  const shares = facts && waterfallOf(facts, recording.now).shares;
  const ms = facts ? (facts.endedAt ?? recording.now) - facts.startedAt : turn.durationMs;
  return (
    <div class="turn-head">
      <h3>Turn {number}</h3>
      <span class="facts">
        <span class={`state ${turn.state}`}>{turn.state}</span>
        {turn.usage && <span>{`${tokens(turn.usage.totalTokens)} tokens`}</span>}
        {ms !== null && turn.state !== "running" && <span>{duration(ms)}</span>}
      </span>
      {shares && (
        <button
          type="button"
          class="shares"
          aria-label="Show where the time of this turn went"
          onClick={() => onTurn(turn.id)}
        >
          <ShareBar shares={shares} />
        </button>
      )}
      {turn.error && <p class="problem">{turn.error.message}</p>}
    </div>
  );
}
