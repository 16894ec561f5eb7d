import { median } from "./statistics.mjs";

/**
 * @typedef {object} Row A line of the table.
 * @property {string} what
 * @property {string} against
 * @property {string} goal
 * @property {string} unit
 * @property {number[]} samples
 * @property {"pass" | "miss" | "–"} verdict
 * @property {string} [note]
 */

/**
 * @param {{ what: string, against: string, atMost?: number, atLeast?: number, unit?: string, samples: number[], goal?: string, note?: string }} given
 * @returns {Row}
 */
export function row({ atMost, atLeast, unit = "×", samples, goal, ...rest }) {
  const bound = atMost ?? atLeast;
  const sign = atMost === undefined ? "≥" : "≤";
  return {
    ...rest,
    unit,
    samples,
    goal: goal ?? (bound === undefined ? "–" : `${sign} ${bound} ${unit}`),
    atMost,
    atLeast,
    verdict: verdict(median(samples), { atMost, atLeast }),
  };
}

/** A line for what could not be measured. */
export function absent({ what, against, note }) {
  return { what, against, note, goal: "–", unit: "", samples: [], verdict: "–" };
}

function verdict(measured, { atMost = Infinity, atLeast = -Infinity }) {
  if (atMost === Infinity && atLeast === -Infinity) return "–";
  return measured <= atMost && measured >= atLeast ? "pass" : "miss";
}
