/**
 * Runs the contenders A B, B A, A B, … so that other load on the machine affects all of them
 * equally.
 * @template {string} Name
 * @param {Record<Name, () => Promise<number>>} contenders Each resolves with its measurement.
 * @param {{ rounds: number, onRound?: (round: number) => void }} options
 * @returns {Promise<Record<Name, number[]>>} One figure per round for each contender.
 */
export async function interleave(contenders, { rounds, onRound }) {
  const names = Object.keys(contenders);
  const figures = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    onRound?.(round);
    const order = round % 2 === 0 ? names : names.toReversed();
    for (const name of order) figures[name].push(await contenders[name]());
  }
  return figures;
}

/** The duration of the work, in milliseconds. */
export async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
