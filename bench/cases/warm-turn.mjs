import { bare, codexSdkOn, ours } from "../support/contenders.mjs";
import { interleave, timed } from "../support/interleave.mjs";
import { homeFor } from "../support/model-process.mjs";
import { codexSdk } from "../support/peers.mjs";
import { using } from "../support/resources.mjs";
import { absent, row } from "../support/row.mjs";
import { medianOfEach, ratios } from "../support/statistics.mjs";

const WHAT = "a turn, warm";
const TURNS_A_SAMPLE = 10;

/** A turn on a thread that has had turns before, on a running server. */
export const warmTurn = {
  name: "warm-turn",
  async run({ model, quick, progress }) {
    const floor = await againstBare({ model, servers: quick ? 1 : 4, progress });
    const sdk = await codexSdk();
    const peer = await againstCodexSdk({ model, sdk, rounds: quick ? 5 : 20, progress });
    return { rows: [floor, peer] };
  },
};

/** On several pairs of servers, because one can be slower than the other for its whole life. */
async function againstBare({ model, servers, progress }) {
  const samples = [];
  const raw = [];
  for (let server = 0; server < servers; server++) {
    const times = await onePair({ model, progress });
    const [our, floor] = [times.ours, times.bare].map((all) => medianOfEach(all, TURNS_A_SAMPLE));
    samples.push(...ratios(our, floor));
    raw.push(times);
  }
  return row({ what: WHAT, against: "bare pipe client", atMost: 1.02, samples, raw });
}

function onePair({ model, progress }) {
  const homes = [() => homeFor(model), () => homeFor(model)];
  return using(homes, (home, otherHome) =>
    using([() => ours({ home }), () => bare({ home: otherHome })], (our, floor) =>
      turnByTurn({ ours: our, bare: floor }, 4 * TURNS_A_SAMPLE, progress),
    ),
  );
}

function againstCodexSdk({ model, sdk, rounds, progress }) {
  const against = "@openai/codex-sdk";
  if (!sdk) return absent({ what: WHAT, against, note: "could not be installed" });
  const homes = [() => homeFor(model), () => homeFor(model)];
  return using(homes, (home, otherHome) =>
    using([() => ours({ home }), () => codexSdkOn({ home: otherHome, sdk })], async (our, peer) => {
      const times = await turnByTurn({ ours: our, codexSdk: peer }, rounds, progress);
      return row({
        what: WHAT,
        against,
        atLeast: 4,
        unit: "× faster",
        samples: ratios(times.codexSdk, times.ours),
        raw: times,
      });
    }),
  );
}

async function turnByTurn(contenders, rounds, progress) {
  const entries = Object.entries(contenders);
  for (const [, client] of entries) for (let turn = 0; turn < 3; turn++) await client.turn();
  const timers = entries.map(([name, client]) => [name, () => timed(client.turn)]);
  return interleave(Object.fromEntries(timers), {
    rounds,
    onRound: (round) => progress(`turn ${round + 1} of ${rounds}`),
  });
}
