import { row } from "../support/row.mjs";
import { median, ratios } from "../support/statistics.mjs";
import { worker } from "../support/worker.mjs";

const READERS = 100;
const TASK = { flood: { kind: "message", deltas: 20_000 }, readers: READERS, warmUpRounds: 5 };

/** What pages that follow a thread cost the server: CPU time of the whole process per delta. */
export const handler = {
  name: "handler",
  async run({ quick, progress }) {
    const processes = quick ? 1 : 5;
    const figures = [];
    for (let index = 0; index < processes; index++) {
      progress(`process ${index + 1}`);
      figures.push(await worker("handler-duel", { ...TASK, rounds: quick ? 5 : 10 }));
    }
    const raw = { unit: "µs a delta", processes: figures };
    // Each process yields one ratio: the median of its rounds.
    const against = (name) => figures.map((one) => median(ratios(one.many, one[name])));
    return {
      rows: [
        row({
          what: `CPU per delta, a handler with ${READERS} readers of one thread`,
          against: "the same with one reader",
          atMost: 2,
          samples: against("one"),
          raw,
        }),
        row({
          what: `CPU per delta, a handler with ${READERS} readers of one thread`,
          against: "a timeline in the same process",
          samples: against("none"),
          raw,
        }),
      ],
    };
  },
};
