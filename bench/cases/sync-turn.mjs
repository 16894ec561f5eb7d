import { blocking, ours } from "../support/contenders.mjs";
import { interleave, timed } from "../support/interleave.mjs";
import { homeFor } from "../support/model-process.mjs";
import { using } from "../support/resources.mjs";
import { row } from "../support/row.mjs";
import { differences } from "../support/statistics.mjs";

/**
 * How much longer a warm turn takes when the calling thread blocks and the client is in a worker.
 */
export const syncTurn = {
  name: "sync-turn",
  async run({ model, quick, progress }) {
    const homes = [() => homeFor(model), () => homeFor(model)];
    return using(homes, (home, otherHome) =>
      using([() => blocking({ home }), () => ours({ home: otherHome })], async (sync, async) => {
        const contenders = { sync: () => timed(sync.turn), async: () => timed(async.turn) };
        for (let turn = 0; turn < 3; turn++) await contenders.sync().then(contenders.async);
        const rounds = quick ? 20 : 100;
        const onRound = (round) => progress(`turn ${round + 1} of ${rounds}`);
        const times = await interleave(contenders, { rounds, onRound });
        const samples = differences(times.sync, times.async);
        const what = "a turn, warm, `CodexSync`";
        return {
          rows: [
            row({ what, against: "`Codex`", atMost: 2, unit: "ms more", samples, raw: times }),
          ],
        };
      }),
    );
  },
};
