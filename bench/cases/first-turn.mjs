import { bare, ours } from "../support/contenders.mjs";
import { interleave, timed } from "../support/interleave.mjs";
import { homeFor } from "../support/model-process.mjs";
import { using } from "../support/resources.mjs";
import { row } from "../support/row.mjs";
import { ratios } from "../support/statistics.mjs";

/** From starting the server to the end of the first turn; the home has been used before. */
export const firstTurn = {
  name: "first-turn",
  async run({ model, quick, progress }) {
    return using([() => homeFor(model)], async (home) => {
      const contenders = {
        ours: () => fromNothing(() => ours({ home })),
        bare: () => fromNothing(() => bare({ home })),
      };
      for (const warmUp of Object.values(contenders)) await warmUp();
      const rounds = quick ? 6 : 30;
      const onRound = (round) => progress(`start ${round + 1} of ${rounds}`);
      const times = await interleave(contenders, { rounds, onRound });
      const samples = ratios(times.ours, times.bare);
      const against = "bare pipe client";
      const what = "first turn, cold start";
      return { rows: [row({ what, against, atMost: 1.05, samples, raw: times })] };
    });
  },
};

async function fromNothing(start) {
  let client;
  const ms = await timed(async () => {
    client = await start();
    await client.turn();
  });
  await client.close();
  return ms;
}
