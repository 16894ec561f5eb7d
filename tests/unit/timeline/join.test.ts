import fc from "fast-check";
import { expect, test } from "vitest";
import { Timeline } from "../../../src/timeline/index.ts";
import { type TurnStream, turnStreams } from "../../support/turn-stream.ts";

/** The final view of a timeline that has received every notification once, live. */
function undisturbed({ threadId, notifications }: TurnStream) {
  const timeline = new Timeline(threadId);
  for (const notification of notifications) timeline.apply(notification);
  return timeline.snapshot;
}

const part = fc.double({ min: 0, max: 1, noNaN: true });
const upTo = (share: number, count: number) => Math.round(share * count);

test("live events and history give the same view", () => {
  fc.assert(
    fc.property(turnStreams, (stream) => {
      const timeline = new Timeline(stream.threadId);
      timeline.merge(stream.history(stream.notifications.length));
      expect(timeline.snapshot).toEqual(undisturbed(stream));
    }),
    { numRuns: 300 },
  );
});

test("so does any history with later live events, whenever it is merged", () => {
  fc.assert(
    fc.property(turnStreams, part, part, part, (stream, a, b, c) => {
      const { notifications } = stream;
      const taken = upTo(a, notifications.length);
      const from = upTo(b, taken);
      const mergedAt = from + upTo(c, notifications.length - from);
      const timeline = new Timeline(stream.threadId);
      for (const notification of notifications.slice(from, mergedAt)) timeline.apply(notification);
      // The history can't be merged before it was read, but notifications that arrived in the meantime can be
      // applied late.
      timeline.merge(stream.history(taken));
      for (const notification of notifications.slice(mergedAt)) timeline.apply(notification);
      expect(timeline.snapshot).toEqual(undisturbed(stream));
    }),
    { numRuns: 1_000 },
  );
});

test("so do several histories, page by page, and a connection that was lost", () => {
  fc.assert(
    fc.property(
      turnStreams,
      fc.array(part, { maxLength: 4 }),
      part,
      part,
      (stream, reads, a, b) => {
        const { notifications } = stream;
        const lost = upTo(a, notifications.length);
        const back = lost + upTo(b, notifications.length - lost);
        const timeline = new Timeline(stream.threadId);
        const read = (after: number) => {
          for (const turn of stream.history(after).toReversed()) timeline.merge([turn]);
        };
        for (const notification of notifications.slice(0, lost)) timeline.apply(notification);
        timeline.missed();
        for (const share of reads) read(upTo(share, back));
        read(back);
        for (const notification of notifications.slice(back)) timeline.apply(notification);
        expect(timeline.snapshot).toEqual(undisturbed(stream));
        // When the history shows the end of the turn, it also contains everything that the server stored late.
        read(notifications.length);
        expect(timeline.gaps()).toEqual([]);
      },
    ),
    { numRuns: 1_000 },
  );
});

test("so does any repeated notification, immediately or later", () => {
  fc.assert(
    fc.property(
      turnStreams,
      fc.array(fc.tuple(fc.nat(), fc.nat(20)), { maxLength: 20 }),
      (stream, repeats) => {
        const { notifications } = stream;
        const late = new Map<number, number[]>();
        for (const [which, by] of repeats) {
          const index = which % notifications.length;
          late.set(index + by, [...(late.get(index + by) ?? []), index]);
        }
        const timeline = new Timeline(stream.threadId);
        const end = notifications.length + 21;
        for (let index = 0; index < end; index++) {
          const next = notifications[index];
          if (next) timeline.apply(next);
          for (const again of late.get(index) ?? []) timeline.apply(notifications[again] as never);
        }
        expect(timeline.snapshot).toEqual(undisturbed(stream));
      },
    ),
    { numRuns: 1_000 },
  );
});
