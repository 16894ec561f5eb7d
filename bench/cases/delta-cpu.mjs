import { floodCpu } from "../support/flood-cpu.mjs";
import { row } from "../support/row.mjs";
import { ratios } from "../support/statistics.mjs";

const AGAINST = "split + JSON.parse loop";

/** What the client itself costs: CPU time for each delta of one turn that floods it. */
export const deltaCpu = {
  name: "delta-cpu",
  async run({ quick, progress }) {
    const rounds = quick ? 3 : 11;
    const message = { flood: { kind: "message", deltas: 200_000 } };
    const text = await floodCpu(["stream", "run"], message, { rounds, progress });
    // A command's output of 1 MiB is 128 deltas of 8 kB.
    const output = { flood: { kind: "command", deltas: 128, bytes: 8192, items: 64 } };
    const command = await floodCpu(["stream", "run"], output, { rounds, progress });
    return {
      rows: [
        line("CPU a delta, streamed", text, "stream", { atMost: 1.25 }),
        line("CPU a delta, `run()` that nobody streams", text, "run", { atMost: 0.5 }),
        line("CPU a command-output delta of 8 kB, streamed", command, "stream", { atMost: 1.1 }),
        line("CPU a command-output delta of 8 kB, `run()`", command, "run", { atMost: 1.1 }),
      ],
    };
  },
};

function line(what, figures, consumer, goal) {
  const samples = ratios(figures[consumer], figures.loop);
  const raw = { ours: figures[consumer], loop: figures.loop, unit: "µs a delta" };
  return row({ what, against: AGAINST, samples, raw, ...goal });
}
