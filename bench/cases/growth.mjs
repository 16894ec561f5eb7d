import { floodCpu } from "../support/flood-cpu.mjs";
import { row } from "../support/row.mjs";
import { median } from "../support/statistics.mjs";

/** CPU a delta as turns grow longer, and as more threads run at once: flat where the cost is linear. */
export const growth = {
  name: "growth",
  async run({ quick, progress }) {
    const rounds = quick ? 1 : 5;
    const total = quick ? 100_000 : 1_000_000;
    const byDeltas = await sweep(
      [1_000, 10_000, 100_000, 1_000_000].filter((deltas) => deltas <= total),
      (deltas) => ({ flood: { kind: "message", deltas }, turns: total / deltas }),
      { rounds, progress, label: (deltas) => `${deltas} deltas` },
    );
    const byThreads = await sweep(
      [1, 10, 100, 1_000],
      (threads) => ({ flood: { kind: "message", deltas: 100_000 / threads }, threads }),
      { rounds, progress, label: (threads) => `${threads} threads` },
    );
    return {
      rows: [
        flat("CPU a delta as the turn grows", byDeltas, "deltas"),
        flat("CPU a delta as threads grow, 100,000 deltas in all", byThreads, "threads"),
      ],
      charts: [
        chart(
          "growth-deltas",
          "CPU a delta, by the length of the turn",
          "deltas in the turn",
          byDeltas,
        ),
        chart("growth-threads", "CPU a delta, by threads at once", "threads at once", byThreads),
      ],
    };
  },
};

async function sweep(sizes, taskOf, { rounds, progress, label }) {
  const points = [];
  for (const size of sizes) {
    const options = { rounds, progress, label: label(size) };
    points.push({ size, figures: await floodCpu(["stream", "run"], taskOf(size), options) });
  }
  return points;
}

/** How the ratio to the loop at the largest size compares with that at the smallest. */
function flat(what, points, unit) {
  const [first, last] = [points.at(0), points.at(-1)];
  const relative = ({ figures }) =>
    figures.stream.map((value, index) => value / figures.loop[index]);
  const samples = relative(last).map((ratio) => ratio / median(relative(first)));
  const against = `${last.size.toLocaleString("en")} against ${first.size.toLocaleString("en")} ${unit}, both to the loop`;
  return row({ what, against, goal: "flat", atMost: 1.5, samples, raw: points });
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
    yLabel: "µs of CPU a delta",
    series: [
      series("streamed", "stream"),
      series("run()", "run"),
      series("split + JSON.parse", "loop"),
    ],
  };
}
