import { median } from "./statistics.mjs";
import { dot, line, polyline, rectangle, svg, text } from "./svg.mjs";

/**
 * Lines over sizes that grow tenfold; the y axis starts at 0, so that flat lines look flat.
 * @param {{ title: string, xLabel: string, yLabel: string, series: { label: string, points: [number, number][] }[] }} chart
 */
export function lineChart({ title, xLabel, yLabel, series }) {
  const frame = { left: 60, right: 660, top: 64, bottom: 280 };
  const xs = series[0].points.map(([x]) => Math.log10(x));
  const top = niceTop(Math.max(...series.flatMap(({ points }) => points.map(([, y]) => y))));
  const xOf = (x) =>
    between(frame.left + 20, frame.right - 20, (Math.log10(x) - xs[0]) / (xs.at(-1) - xs[0]));
  const yOf = (y) => between(frame.bottom, frame.top, y / top);
  const parts = [text({ x: 16, y: 48 }, `${yLabel}, by ${xLabel}`)];
  for (const y of [0, 0.25, 0.5, 0.75, 1].map((part) => part * top)) {
    const style = y === 0 ? "axis" : "grid";
    parts.push(line({ from: [frame.left, yOf(y)], to: [frame.right, yOf(y)], style }));
    parts.push(
      text({ x: frame.left - 8, y: yOf(y) + 4, anchor: "end" }, String(Number(y.toPrecision(3)))),
    );
  }
  for (const [x] of series[0].points) {
    parts.push(text({ x: xOf(x), y: frame.bottom + 20, anchor: "middle" }, x.toLocaleString("en")));
  }
  series.forEach(({ label, points }, index) => {
    const style = `s${index}`;
    const places = points.map(([x, y]) => [xOf(x), yOf(y)]);
    parts.push(polyline({ points: places, style }));
    parts.push(...places.map(([x, y]) => dot({ x, y, style })));
    parts.push(dot({ x: frame.left + 10 + index * 170, y: 316, style }));
    parts.push(text({ x: frame.left + 20 + index * 170, y: 320 }, label));
  });
  return svg({ width: 680, height: 336, title }, parts);
}

/**
 * How close each figure is to its goal: each bar is the used share of what the goal allows, so
 * that a short bar is good whatever the unit.
 * @param {import("./row.mjs").Row[]} rows
 */
export function goalChart(rows) {
  const bars = rows.filter(({ samples, verdict }) => samples.length > 0 && verdict !== "–");
  const [left, right, rowHeight, top] = [450, 760, 24, 72];
  const longest = 2;
  const xOf = (share) => between(left, right, Math.max(0, Math.min(share, longest)) / longest);
  const height = top + bars.length * rowHeight + 16;
  const parts = [
    text({ x: 16, y: 48 }, "Share of what the goal allows; less is better, 100% is the goal."),
  ];
  bars.forEach((one, index) => {
    const y = top + index * rowHeight;
    const share = shareOfGoal(one);
    const place = { x: left, y: y - 11, height: 15, style: one.verdict };
    parts.push(text({ x: left - 10, y, anchor: "end" }, labelOf(one)));
    parts.push(rectangle({ ...place, width: Math.max(1, xOf(share) - left) }));
    parts.push(text({ x: xOf(share) + 6, y }, `${Math.round(share * 100)}%`));
  });
  parts.push(line({ from: [xOf(1), top - 16], to: [xOf(1), height - 16], style: "axis" }));
  return svg({ width: 820, height, title: "Measured against the goals" }, parts);
}

function shareOfGoal({ samples, atMost, atLeast }) {
  const measured = median(samples);
  if (atMost === 0) return measured;
  return atMost === undefined ? atLeast / measured : measured / atMost;
}

function labelOf({ what, against }) {
  const label = `${what} · ${against}`.replaceAll("`", "");
  return label.length > 72 ? `${label.slice(0, 71)}…` : label;
}

function between(from, to, share) {
  return from + (to - from) * share;
}

/** The next of 1, 2, 4, 10, 20, 40, … */
function niceTop(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 4, 10].find((step) => step * power >= value) ?? 10) * power;
}
