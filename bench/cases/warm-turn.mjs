import { bare, codexSdkOn, ours } from "../support/contenders.mjs";
import { interleave, timed } from "../support/interleave.mjs";
import { homeFor } from "../support/model-process.mjs";
import { codexSdk } from "../support/peers.mjs";
import { using } from "../support/resources.mjs";
import { absent, row } from "../support/row.mjs";
import { medianOfEach, ratios } from "../support/statistics.mjs";

const WHAT = "a turn, warm";
const TURNS_A_SAMPLE = 10;

/** A turn on a thread that has had some, on a server that runs. */
export const warmTurn = {
  name: "warm-turn",
  async run({ model, quick, progress }) {
    const floor = await againstBare({ model, samples: quick ? 5 : 20, progress });
    const sdk = await codexSdk();
    const peer = await againstCodexSdk({ model, sdk, rounds: quick ? 5 : 20, progress });
    return { rows: [floor, peer] };
  },
};

function againstBare({ model, samples, progress }) {
  const homes = [() => homeFor(model), () => homeFor(model)];
  return using(homes, (home, otherHome) =>
    using([() => ours({ home }), () => bare({ home: otherHome })], async (our, floor) => {
      const times = await turnByTurn(
        { ours: our, bare: floor },
        samples * TURNS_A_SAMPLE,
        progress,
      );
      const samplesOf = (name) => medianOfEach(times[name], TURNS_A_SAMPLE);
      return row({
        what: WHAT,
        against: "bare pipe client",
        atMost: 1.02,
        samples: ratios(samplesOf("ours"), samplesOf("bare")),
        raw: times,
      });
    }),
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
