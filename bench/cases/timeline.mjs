import { row } from "../support/row.mjs";
import { median, ratios } from "../support/statistics.mjs";
import { worker } from "../support/worker.mjs";

/** About how often a screen is redrawn while a model writes at full speed. */
const EVERY_DELTA = 100;

/** CPU per delta that is added to one timeline entry, also as the entry grows. */
export const timeline = {
  name: "timeline",
  async run({ quick, progress }) {
    const rounds = quick ? 3 : 9;
    const sizes = quick ? [1_000, 20_000] : [1_000, 200_000];
    const points = [];
    for (const deltas of sizes) {
      progress(`${deltas} deltas`);
      const entries = sizes[1] / deltas;
      const task = { deltas, entries, rounds, warmUpRounds: 3, everyDelta: EVERY_DELTA };
      points.push(await worker("timeline-duel", task));
    }
    const [first, last] = points;
    const most = sizes[1].toLocaleString("en");
    return {
      rows: [
        row({
          what: `CPU per delta, ${most} into one timeline entry, drawn every ${EVERY_DELTA}`,
          against: "the turn's own record",
          atMost: 2,
          samples: ratios(last.timeline, last.fold),
          raw: last,
        }),
        row({
          what: "CPU per delta as a timeline entry grows",
          against: `${most} deltas against ${sizes[0].toLocaleString("en")}`,
          goal: "flat",
          atMost: 1.5,
          samples: last.timeline.map((value) => value / median(first.timeline)),
          raw: points,
        }),
      ],
    };
  },
};
