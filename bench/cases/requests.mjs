import { Codex } from "../../dist/index.js";
import { BareClient } from "../support/bare-client.mjs";
import { interleave, timed } from "../support/interleave.mjs";
import { homeFor } from "../support/model-process.mjs";
import { using } from "../support/resources.mjs";
import { row } from "../support/row.mjs";
import { appServer } from "../support/server.mjs";
import { ratios } from "../support/statistics.mjs";

const IN_FLIGHT = 64;

/** How long many small requests take, with 64 of them always in flight. */
export const requests = {
  name: "requests",
  async run({ model, quick, progress }) {
    const homes = [() => homeFor(model), () => homeFor(model)];
    return using(homes, (home, otherHome) => {
      const clients = [
        () => Codex.start({ env: home.env, cwd: home.path }),
        () => BareClient.start({ ...appServer, env: otherHome.env, cwd: otherHome.path }),
      ];
      return using(clients, async (codex, floor) => {
        const count = quick ? 1_000 : 5_000;
        const rounds = quick ? 5 : 21;
        const contenders = { ours: () => flow(codex, count), bare: () => flow(floor, count) };
        for (const warmUp of Object.values(contenders)) await warmUp();
        const onRound = (round) => progress(`round ${round + 1} of ${rounds}`);
        const times = await interleave(contenders, { rounds, onRound });
        return { rows: [line(times, count)] };
      });
    });
  },
};

function line(times, count) {
  return row({
    what: `time of ${count.toLocaleString("en")} requests (\`thread/loaded/list\`), ${IN_FLIGHT} in flight`,
    against: "bare pipe client",
    atMost: 1.1,
    samples: ratios(times.ours, times.bare),
    raw: times,
  });
}

function flow(client, count) {
  let left = count;
  const lane = async () => {
    while (left-- > 0) await client.request("thread/loaded/list", {});
  };
  return timed(() => Promise.all(Array.from({ length: IN_FLIGHT }, lane)));
}
