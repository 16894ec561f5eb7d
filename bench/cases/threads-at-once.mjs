import { bare, codexSdkOn, ours } from "../support/contenders.mjs";
import { interleave, timed } from "../support/interleave.mjs";
import { homeFor } from "../support/model-process.mjs";
import { codexSdk } from "../support/peers.mjs";
import { using } from "../support/resources.mjs";
import { absent, row } from "../support/row.mjs";
import { ratios } from "../support/statistics.mjs";

/** Many new threads with a turn each, all at once, on a running server. */
export const threadsAtOnce = {
  name: "threads-at-once",
  async run({ model, quick, progress }) {
    const count = quick ? 20 : 100;
    const what = `${count} threads at once`;
    const rounds = quick ? 2 : 12;
    const onRound = (round) => progress(`round ${round + 1} of ${rounds}`);
    const floor = await duel({ model, count, ours, other: bare, rounds, onRound });
    const rows = [
      row({
        what,
        against: "bare pipe client",
        atMost: 1.05,
        samples: ratios(floor.ours, floor.other),
        raw: floor,
      }),
    ];
    const sdk = await codexSdk();
    const against = "@openai/codex-sdk";
    if (!sdk) return { rows: [...rows, absent({ what, against, note: "could not be installed" })] };
    const other = ({ home }) => codexSdkOn({ home, sdk });
    const peer = await duel({ model, count, ours, other, rounds: quick ? 1 : 4, onRound });
    const samples = ratios(peer.other, peer.ours);
    rows.push(row({ what, against, atLeast: 3, unit: "× faster", samples, raw: peer }));
    return { rows };
  },
};

/** Every round has new servers, so that none has the threads of earlier rounds. */
function duel({ model, count, ours: our, other, rounds, onRound }) {
  const contenders = { ours: () => once(our), other: () => once(other) };
  return interleave(contenders, { rounds, onRound });

  function once(start) {
    return using([() => homeFor(model)], (home) =>
      using([() => start({ home })], async (client) => {
        await client.turn();
        return timed(() => Promise.all(Array.from({ length: count }, () => client.newThread())));
      }),
    );
  }
}
