import { Turn, type WaitOptions } from "../client/turn.ts";
import {
  anything,
  boolean,
  type Check,
  isThing,
  milliseconds,
  requireOptions,
  signal,
} from "../util/checks.ts";
import { describe } from "../util/describe.ts";
import { pageRequest } from "./page-requests.ts";
import type { TurnPart } from "./parts/part.ts";
import { type AnswerRequest, PartReader } from "./parts/part-reader.ts";

/** Options for streaming a turn to a page. */
export interface TurnStreamOptions extends WaitOptions {
  /**
   * What happens to the turn when the stream is cancelled, for example because the browser
   * disconnects: "continue" lets it run, "interrupt" stops it. Default "continue".
   */
  readonly onCancel?: "continue" | "interrupt" | undefined;
  /**
   * Whether requests have the options that the server stores as rules for all its threads, such as
   * always allowing commands that start in a certain way. Default false.
   */
  readonly lastingAnswers?: boolean | undefined;
}

export const TURN_STREAM_CHECKS: Readonly<Record<keyof TurnStreamOptions, Check>> = {
  signal,
  // The range is checked when the timer starts.
  timeoutMs: isThing("a number of milliseconds", (value) => typeof value === "number"),
  onCancel: isThing(
    '"continue" or "interrupt"',
    (value) => value === "continue" || value === "interrupt",
  ),
  lastingAnswers: boolean,
};

export const RESPONSE_CHECKS: Readonly<Record<string, Check>> = {
  ...TURN_STREAM_CHECKS,
  headers: anything,
  keepAliveMs: milliseconds,
};

/** Converts the parts of a turn, in order, to the events of a format. */
export type Convert<Chunk> = (part: TurnPart) => Iterable<Chunk>;

/** How a stream can end before its turn. */
export interface Pauses<Chunk> {
  readonly answer: AnswerRequest;
  /** Whether the stream ends when it has caught up with the turn. */
  readonly isDue: () => boolean;
  readonly last: () => Iterable<Chunk>;
}

/** @throws TypeError if `turn` isn't a `Turn`, or an option is wrong. */
export function checkTurn(
  subject: string,
  turn: unknown,
  options: object,
  checks: Readonly<Record<string, Check>>,
): void {
  if (!(turn instanceof Turn)) {
    throw new TypeError(
      `${subject}: the turn must be what thread.turn() resolves with, not ${describe(turn)}`,
    );
  }
  requireOptions(subject, options, checks);
}

/** Streams a turn in another format. The turn is read only as fast as the stream. */
export function turnStream<Chunk>(
  turn: Turn<unknown>,
  { signal, timeoutMs, onCancel, lastingAnswers }: TurnStreamOptions,
  convert: Convert<Chunk>,
  pauses?: Pauses<Chunk>,
): ReadableStream<Chunk> {
  const reader = new PartReader(
    turn,
    { signal, timeoutMs },
    { answer: pauses?.answer, shown: (request) => pageRequest(request, lastingAnswers) },
  );
  return new ReadableStream<Chunk>(
    {
      async pull(controller) {
        for (;;) {
          const parts = await reader.read();
          if (parts === undefined) {
            controller.close();
            return;
          }
          const chunks = parts.flatMap((part) => [...convert(part)]);
          for (const chunk of chunks) controller.enqueue(chunk);
          if (pauses?.isDue() && !(await reader.hasMore())) {
            reader.leave();
            for (const chunk of pauses.last()) controller.enqueue(chunk);
            controller.close();
            return;
          }
          if (chunks.length > 0) return;
        }
      },
      cancel() {
        reader.leave();
        if (onCancel === "interrupt") turn.interrupt().catch(() => {});
      },
    },
    { highWaterMark: 0 },
  );
}
