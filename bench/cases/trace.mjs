import { row } from "../support/row.mjs";
import { median, ratios } from "../support/statistics.mjs";
import { worker } from "../support/worker.mjs";

const TEXT = { flood: { kind: "message", deltas: 20_000 }, warmUpRounds: 10 };
/** Commands with 1 MiB of output each: 128 deltas of 8 kB. */
const OUTPUT = {
  flood: { kind: "command", deltas: 128, bytes: 8192, items: 16 },
  warmUpRounds: 1,
};

/** The cost of a trace: CPU time of the whole process per delta. */
export const trace = {
  name: "trace",
  async run({ quick, progress }) {
    const processes = quick ? 1 : 9;
    const rounds = quick ? 5 : 10;
    const figures = { text: [], output: [] };
    for (let index = 0; index < processes; index++) {
      progress(`process ${index + 1}`);
      figures.text.push(await worker("trace-duel", { ...TEXT, rounds }));
      figures.output.push(await worker("trace-duel", { ...OUTPUT, rounds }));
    }
    return {
      rows: [
        line("CPU per delta with a trace, streamed", figures.text, 1.3),
        line("CPU per command-output delta of 8 kB with a trace, streamed", figures.output),
      ],
    };
  },
};

/** Each process yields one ratio: the median of its rounds. */
function line(what, figures, atMost) {
  const samples = figures.map(({ traced, untraced }) => median(ratios(traced, untraced)));
  const raw = { unit: "µs a delta", processes: figures };
  return row({ what, against: "the same without one", atMost, samples, raw });
}
