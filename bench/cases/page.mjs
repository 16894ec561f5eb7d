import { row } from "../support/row.mjs";
import { median, ratios } from "../support/statistics.mjs";
import { worker } from "../support/worker.mjs";

const TASK = { few: 100, many: 10_000, patches: 200, warmUpRounds: 3 };

/** What a page of the inspector, or of a handler, costs the server: CPU time of a patch, sent at most every 20 ms. */
export const page = {
  name: "page",
  async run({ quick, progress }) {
    const processes = quick ? 1 : 5;
    const figures = [];
    for (let index = 0; index < processes; index++) {
      progress(`process ${index + 1}`);
      figures.push(await worker("page-duel", { ...TASK, rounds: quick ? 5 : 10 }));
    }
    const raw = { unit: "µs a patch", processes: figures };
    const [many, few] = [TASK.many, TASK.few].map((count) => count.toLocaleString("en"));
    return {
      rows: [
        row({
          what: `CPU per patch of the inspector's page, a turn with ${many} entries`,
          against: "–",
          atMost: 1,
          unit: "ms",
          samples: figures.map((one) => median(one.many) / 1000),
          raw,
        }),
        row({
          what: `CPU per patch of the inspector's page, a turn with ${many} entries`,
          against: `a turn with ${few} entries`,
          // Each process yields one ratio: the median of its rounds.
          samples: figures.map((one) => median(ratios(one.many, one.few))),
          raw,
        }),
      ],
    };
  },
};
