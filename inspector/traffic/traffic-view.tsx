import { useMemo } from "preact/hooks";
import {
  countMarks,
  filterRows,
  type RowKind,
  type TrafficFilter,
} from "../../src/traffic/filter.ts";
import { durationOf, type Mark, marksOf, type Row } from "../../src/traffic/rows.ts";
import type { Recording } from "../data/recording.ts";
import { useClock } from "../data/use-clock.ts";
import { FixedList } from "../lists/fixed-list.tsx";
import { Chip, SearchField } from "../ui/controls.tsx";
import { Empty } from "../ui/empty.tsx";
import { clock, count, duration } from "../ui/format.ts";
import { Icon } from "../ui/icons.tsx";
import { RowDetail } from "./row-detail.tsx";
import { summaryOf } from "./summary.ts";

interface TrafficViewProps {
  readonly recording: Recording;
  readonly fileName: string;
  readonly filter: TrafficFilter;
  readonly onFilter: (filter: Partial<TrafficFilter>) => void;
  readonly selected: number | undefined;
  readonly onSelect: (key: number | undefined) => void;
  readonly onTurn: (turnId: string) => void;
}

const ROW = 26;

const KINDS: readonly (readonly [RowKind | undefined, string])[] = [
  [undefined, "All"],
  ["requests", "Requests"],
  ["serverRequests", "Server requests"],
  ["notifications", "Notifications"],
  ["events", "Events"],
];

const MARKS: readonly Mark[] = ["slow", "failed", "retried", "unanswered"];

/** Requests paired with their answers, notifications and events, one a row. */
export function TrafficView(props: TrafficViewProps) {
  const { recording, fileName, filter, onFilter, selected, onSelect, onTurn } = props;
  const { traffic, version } = recording;
  const isPending = recording.isLive && traffic.rows.some(isOpen);
  useClock(isPending);
  const { now } = recording;
  // Pending requests become slow as time passes.
  const seconds = isPending ? Math.floor(now / 1_000) : 0;
  const { rows, marks } = useMemo(
    () => ({ rows: filterRows(traffic.rows, filter, now), marks: countMarks(traffic.rows, now) }),
    [traffic, version, filter, seconds],
  );
  const index = rows.findIndex(({ key }) => key === selected);
  const detail =
    selected === undefined
      ? undefined
      : (rows[index] ?? traffic.rows.find(({ key }) => key === selected));
  return (
    <div class={`traffic-view ${detail ? "with-detail" : ""}`}>
      <div class="traffic-main">
        <div class="toolbar wrap">
          <SearchField
            label="Filter by method or content"
            value={filter.text}
            onChange={(text) => onFilter({ text })}
          />
          {/* biome-ignore lint/a11y/useSemanticElements: a fieldset can't be laid out like this. */}
          <div class="chips" role="group" aria-label="Kind">
            {KINDS.map(([kind, label]) => (
              <Chip
                key={label}
                label={label}
                isOn={filter.kind === kind}
                onClick={() => onFilter({ kind })}
              />
            ))}
          </div>
          {/* biome-ignore lint/a11y/useSemanticElements: a fieldset can't be laid out like this. */}
          <div class="chips" role="group" aria-label="Marks">
            {MARKS.map((mark) => (
              <Chip
                key={mark}
                label={mark}
                class={mark}
                count={marks.get(mark) ?? 0}
                isOn={filter.mark === mark}
                onClick={() => onFilter({ mark: filter.mark === mark ? undefined : mark })}
              />
            ))}
          </div>
          <span class="muted end">{count(rows.length, "row")}</span>
        </div>
        {rows.length === 0 ? (
          <Empty title={traffic.rows.length === 0 ? "No traffic yet" : "Nothing matches"}>
            {traffic.rows.length > 0 && (
              <button
                type="button"
                class="more"
                onClick={() =>
                  onFilter({ text: "", kind: undefined, mark: undefined, threadIds: undefined })
                }
              >
                Clear the filter
              </button>
            )}
          </Empty>
        ) : (
          <FixedList
            label="Traffic"
            class="traffic-list"
            count={rows.length}
            rowHeight={ROW}
            keyAt={(at) => rows[at]?.key ?? at}
            selected={index}
            onSelect={(at) => onSelect(rows[at]?.key)}
            follows={recording.isLive && selected === undefined}
            rowClass={(at) => (rows[at] ? marksOf(rows[at], now).join(" ") : "")}
            row={(at) => rows[at] && <TrafficRow row={rows[at]} now={now} />}
          />
        )}
      </div>
      {detail && (
        <RowDetail
          key={detail.key}
          row={detail}
          recording={recording}
          fileName={fileName}
          onClose={() => onSelect(undefined)}
          onRow={onSelect}
          onTurn={onTurn}
        />
      )}
    </div>
  );
}

function TrafficRow({ row, now }: { readonly row: Row; readonly now: number }) {
  const marks = marksOf(row, now);
  return (
    <>
      <span class="cell time">{clock(row.at)}</span>
      <span class={`cell direction ${directionOf(row)}`} title={DIRECTIONS[directionOf(row)]}>
        {ARROWS[directionOf(row)]}
      </span>
      <span class="cell method">{row.kind === "event" ? row.event : row.method}</span>
      <span class="cell summary">{summaryOf(row)}</span>
      <span class="cell marks">
        {marks.map((mark) => (
          <span key={mark} class={`mark-tag ${mark}`}>
            {mark}
          </span>
        ))}
      </span>
      <span class="cell latency">{latencyOf(row, now)}</span>
    </>
  );
}

type Direction = "out" | "in" | "notice" | "sent" | "event";

const ARROWS = {
  out: "→",
  in: "←",
  notice: "·",
  sent: "→",
  event: <Icon name="notice" />,
} as const;

const DIRECTIONS = {
  out: "Request from the client",
  in: "Request from the server",
  notice: "Notification from the server",
  sent: "Notification from the client",
  event: "Event",
} as const;

function directionOf(row: Row): Direction {
  if (row.kind === "event") return "event";
  if (row.kind === "request") return row.byServer ? "in" : "out";
  return row.byServer ? "notice" : "sent";
}

function latencyOf(row: Row, now: number): string {
  if (row.kind === "request") return duration(durationOf(row, now));
  if (row.kind === "notification" && row.count > 1) return `×${row.count}`;
  return "";
}

function isOpen(row: Row): boolean {
  return row.kind === "request" && row.state === "pending";
}
