import type { ComponentChildren } from "preact";
import { jsonText } from "../../src/text/json-text.ts";
import { replayTest } from "../../src/traffic/replay-test.ts";
import { durationOf, marksOf, type Row } from "../../src/traffic/rows.ts";
import type { Recording } from "../data/recording.ts";
import { Button, CopyButton } from "../ui/controls.tsx";
import { clock, duration } from "../ui/format.ts";
import { JsonView } from "../ui/json-view.tsx";

interface RowDetailProps {
  readonly row: Row;
  readonly recording: Recording;
  readonly fileName: string;
  readonly onClose: () => void;
  readonly onRow: (key: number) => void;
  readonly onTurn: (turnId: string) => void;
}

/** Everything about a row: its times, and its messages as JSON. */
export function RowDetail({ row, recording, fileName, onClose, onRow, onTurn }: RowDetailProps) {
  const { traffic, now } = recording;
  const marks = marksOf(row, now);
  const message = row.kind === "event" ? row.details : row.message;
  const answer = row.kind === "request" ? row.answer : undefined;
  const { turnId } = row;
  const line = () => jsonText(message);
  return (
    <section class="detail" aria-label="Details">
      <header class="detail-head">
        <h2 class="mono">{row.kind === "event" ? row.event : row.method}</h2>
        <Button label="Close" icon="close" isBare onClick={onClose} />
      </header>
      <div class="detail-body">
        <dl class="facts-list">
          <Fact name="At">{clock(row.at)} s</Fact>
          {row.kind === "request" && (
            <>
              <Fact name="From">{row.byServer ? "server" : "client"}</Fact>
              <Fact name="State">
                <span class={`state ${row.state}`}>{stateText(row.state, row.byServer)}</span>
                {marks.includes("slow") && <span class="tag warn">slow</span>}
              </Fact>
              <Fact name={row.endedAt === undefined ? "For" : "Took"}>
                {duration(durationOf(row, now))}
              </Fact>
              {row.attempt > 1 && <Fact name="Attempt">{row.attempt}</Fact>}
              {row.retriedBy !== undefined && (
                <Fact name="Retried">
                  <button type="button" class="more" onClick={() => onRow(row.retriedBy ?? 0)}>
                    Show the retry
                  </button>
                </Fact>
              )}
            </>
          )}
          {row.kind === "notification" && row.count > 1 && (
            <Fact name="Deltas">
              {row.count} in {duration(row.endedAt - row.at)}
            </Fact>
          )}
          {turnId !== undefined && traffic.turn(turnId) && (
            <Fact name="Turn">
              <button type="button" class="more" onClick={() => onTurn(turnId)}>
                Show where its time went
              </button>
            </Fact>
          )}
        </dl>
        {row.kind === "request" && row.error !== undefined && <p class="problem">{row.error}</p>}
        <div class="actions">
          <CopyButton label="Copy line" text={line} />
          {answer && <CopyButton label="Copy answer" text={() => jsonText(answer)} />}
          <CopyButton label="Copy as test" text={() => replayTest(traffic, fileName)} />
        </div>
        <h3>{row.kind === "request" ? "Request" : row.kind === "event" ? "Details" : "Message"}</h3>
        <JsonView value={message} depth={3} />
        {row.kind === "request" && (
          <>
            <h3>Answer</h3>
            {answer ? (
              <JsonView value={answer} depth={3} />
            ) : (
              <p class="muted">{stateText(row.state, row.byServer)}</p>
            )}
          </>
        )}
      </div>
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function stateText(state: string, byServer: boolean): string {
  switch (state) {
    case "pending":
      return byServer ? "waiting for an answer" : "waiting for the server";
    case "elsewhere":
      return "no longer needed: another client has answered, or the turn has ended";
    case "unanswered":
      return "never answered";
    default:
      return state;
  }
}
