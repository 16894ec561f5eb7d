import { row } from "../support/row.mjs";
import { median, ratios } from "../support/statistics.mjs";
import { worker } from "../support/worker.mjs";

/** CPU per delta for longer turns and more parallel threads: flat if the cost is linear. */
export const growth = {
  name: "growth",
  async run({ quick, progress }) {
    const slice = quick ? 20_000 : 100_000;
    const rounds = quick ? 2 : 5;
    const lengths = quick ? [1_000, 100_000] : [1_000, 10_000, 100_000, 1_000_000];
    const counts = quick ? [1, 100] : [1, 10, 100, 1_000];
    const taskOfLength = (deltas) => ({
      flood: { kind: "message", deltas },
      turns: Math.max(1, slice / deltas),
    });
    // All turns have the same length, so that starting and ending them costs the same share
    // everywhere.
    const taskOfThreads = (threads) => ({
      flood: { kind: "message", deltas: 1_000 },
      threads,
      turns: Math.max(1, slice / 1_000 / threads),
    });
    const byDeltas = await sweep(lengths, taskOfLength, rounds, (deltas) =>
      progress(`turns of ${deltas} deltas`),
    );
    const byThreads = await sweep(counts, taskOfThreads, rounds, (threads) =>
      progress(`${threads} threads`),
    );
    return {
      rows: [
        flat("CPU per delta as the turn grows, streamed", byDeltas, "deltas", "stream"),
        flat("CPU per delta as the turn grows, `run()`", byDeltas, "deltas", "run"),
        flat("CPU per delta as threads grow, streamed", byThreads, "threads", "stream"),
        flat("CPU per delta as threads grow, `run()`", byThreads, "threads", "run"),
        atLargest("streamed", byThreads, "threads", "stream"),
        atLargest("`run()`", byThreads, "threads", "run"),
      ],
      charts: [
        chart(
          "growth-deltas",
          "CPU per delta, by the length of the turn",
          "deltas in the turn",
          byDeltas,
        ),
        chart("growth-threads", "CPU per delta, by threads at once", "threads at once", byThreads),
      ],
    };
  },
};

async function sweep(sizes, taskOf, rounds, onSize) {
  const points = [];
  for (const size of sizes) {
    onSize(size);
    const task = { ...taskOf(size), rounds, warmUpRounds: 2 };
    points.push({ size, figures: await worker("flood-duel", task) });
  }
  return points;
}

/** The ratio to the loop at the largest size, relative to that at the smallest. */
function flat(what, points, unit, consumer) {
  const [first, last] = [points.at(0), points.at(-1)];
  const relative = ({ figures }) => ratios(figures[consumer], figures.loop);
  const samples = relative(last).map((ratio) => ratio / median(relative(first)));
  const against = `${last.size.toLocaleString("en")} ${unit} against ${first.size.toLocaleString("en")}, both relative to the loop`;
  return row({ what, against, goal: "flat", atMost: 1.5, samples, raw: points });
}

/** The cost of a delta at the largest size, as a multiple of the loop's. */
function atLargest(how, points, unit, consumer) {
  const { size, figures } = points.at(-1);
  const what = `CPU per delta of ${size.toLocaleString("en")} ${unit} at once, ${how}`;
  const samples = ratios(figures[consumer], figures.loop);
  return row({ what, against: "split + JSON.parse loop", atMost: 1, samples });
}

function chart(name, title, xLabel, points) {
  const series = (label, contender) => ({
    label,
    points: points.map(({ size, figures }) => [size, median(figures[contender])]),
  });
  return {
    name,
    title,
    xLabel,
    yLabel: "µs of CPU per delta",
    series: [
      series("streamed", "stream"),
      series("run()", "run"),
      series("split + JSON.parse", "loop"),
    ],
  };
}
