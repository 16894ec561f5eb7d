import { row } from "../support/row.mjs";
import { median, ratios } from "../support/statistics.mjs";
import { worker } from "../support/worker.mjs";

const TEXT = { flood: { kind: "message", deltas: 20_000 }, warmUpRounds: 10 };
/** Commands with 1 MiB of output each: 128 deltas of 8 kB. */
const OUTPUT = {
  flood: { kind: "command", deltas: 128, bytes: 8192, items: 16 },
  warmUpRounds: 1,
};

/** The client's own cost: CPU time per delta in turns that flood it. */
export const deltaCpu = {
  name: "delta-cpu",
  async run({ quick, progress }) {
    const processes = quick ? 1 : 9;
    const rounds = quick ? 5 : 10;
    const text = await duels({ ...TEXT, rounds }, processes, (index) =>
      progress(`text, process ${index + 1}`),
    );
    const output = await duels({ ...OUTPUT, rounds }, processes, (index) =>
      progress(`output, ${index + 1}`),
    );
    return {
      rows: [
        line("CPU per delta, streamed", text, "stream", 1.25),
        line("CPU per delta, `run()` without a stream", text, "run", 0.5),
        line("CPU per command-output delta of 8 kB, streamed", output, "stream", 1.1),
        line("CPU per command-output delta of 8 kB, `run()`", output, "run", 1.1),
      ],
    };
  },
};

async function duels(task, processes, onProcess) {
  const figures = [];
  for (let index = 0; index < processes; index++) {
    onProcess(index);
    figures.push(await worker("flood-duel", task));
  }
  return figures;
}

/** Each process yields one ratio: the median of its rounds. */
function line(what, figures, consumer, atMost) {
  const samples = figures.map((one) => median(ratios(one[consumer], one.loop)));
  const raw = { unit: "µs a delta", processes: figures };
  return row({ what, against: "split + JSON.parse loop", atMost, samples, raw });
}
