import { row } from "../support/row.mjs";
import { worker } from "../support/worker.mjs";

const MB = 1024 * 1024;
const nodeArgs = ["--expose-gc"];

/** Heap use after a long turn without readers, and for each open thread. */
export const memory = {
  name: "memory",
  async run({ quick, progress }) {
    const rounds = quick ? 1 : 3;
    const deltas = quick ? 200_000 : 1_000_000;
    const rows = [];
    for (const [reader, who] of [
      ["absent", "no reader"],
      ["idle", "a reader that stopped"],
    ]) {
      const held = await repeat(rounds, (round) => {
        progress(`${who}, round ${round + 1} of ${rounds}`);
        return worker("memory", { deltas, reader }, { nodeArgs });
      });
      rows.push(
        row({
          what: `memory, ${deltas.toLocaleString("en")} deltas, ${who}`,
          against: `the text itself (${(held[0].textBytes / MB).toFixed(1)} MB)`,
          atMost: 32,
          unit: "MB more",
          samples: held.map(({ overText }) => overText / MB),
          raw: held,
        }),
      );
    }
    progress("open threads");
    const threads = await repeat(rounds, () =>
      worker("open-threads", { count: 1000 }, { nodeArgs }),
    );
    rows.push(
      row({
        what: "1,000 open threads with handles",
        against: "no thread",
        atMost: 4,
        unit: "kB per thread",
        samples: threads.map(({ bytes }) => bytes / 1024),
        raw: threads,
      }),
    );
    return { rows };
  },
};

async function repeat(rounds, work) {
  const results = [];
  for (let round = 0; round < rounds; round++) results.push(await work(round));
  return results;
}
