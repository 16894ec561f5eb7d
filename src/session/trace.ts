import { debuglog } from "node:util";
import type { TransportClosedError } from "../errors/errors.ts";
import { quoteForeign } from "../text/secrets.ts";
import type { Direction } from "../trace/format.ts";
import type { TraceRecorder } from "../trace/recorder.ts";
import type { Transport } from "../transport/transport.ts";
import type { DeltaLine } from "../turn/delta-line.ts";
import { SecretAnswers } from "./secret-answers.ts";
import type { CodexStatus } from "./status.ts";

const MAX_LENGTH = 2_000;

/** The recorder of a trace, as a session sees it. */
export interface Recorder
  extends Pick<TraceRecorder, "message" | "delta" | "event">,
    AsyncDisposable {}

export interface TrafficLog {
  /** `isJson`: whether the text is known to be JSON. */
  message(direction: Direction, text: string, isJson: boolean): void;
  /** Takes the line of a delta that wasn't parsed. Undefined if nothing needs such lines. */
  readonly delta: ((line: DeltaLine) => void) | undefined;
}

/**
 * Writes the traffic to a trace, if there is one, and to stderr if `NODE_DEBUG` contains
 * `codex-app-server`. On stderr, each message is limited to 2,000 characters, with recognised secrets
 * masked and control characters escaped.
 */
export function trafficLog(recorder: Pick<Recorder, "message" | "delta"> | undefined): TrafficLog {
  const debug = debuglog("codex-app-server");
  const log = debug.enabled
    ? (direction: Direction, text: string) =>
        debug("%s %s", direction === "send" ? "→" : "←", quoteForeign(text, MAX_LENGTH))
    : undefined;
  const secretAnswers = new SecretAnswers();
  const record = recorder && ((line: DeltaLine) => recorder.delta(line));
  return {
    message(direction, text, isJson) {
      if (!recorder && !log) return;
      const shown = secretAnswers.hiddenIn(direction, text);
      recorder?.message(direction, shown, isJson);
      log?.(direction, shown);
    },
    delta: log
      ? (line) => {
          record?.(line);
          log("receive", line.raw);
        }
      : record,
  };
}

/** Records a status change. */
export function traceStatus(recorder: Recorder, status: CodexStatus): void {
  const reason = "reason" in status ? status.reason?.message : undefined;
  recorder.event(status.state, { reason });
}

/** Records the start and the end of a connection and of its process. */
export function traceConnection(
  recorder: Recorder,
  { pid }: Transport,
  closed: Promise<TransportClosedError>,
  client: { readonly endReason: unknown },
): void {
  recorder.event("connected", { pid });
  closed.then(({ message, exitCode, signal, stderr }) => {
    const byClient = client.endReason !== undefined;
    recorder.event("disconnected", { byClient, message, exitCode, signal, stderr });
  });
}
