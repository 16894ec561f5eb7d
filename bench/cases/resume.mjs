import { Codex } from "../../dist/index.js";
import { BareClient } from "../support/bare-client.mjs";
import { growThread } from "../support/grow-thread.mjs";
import { interleave, timed } from "../support/interleave.mjs";
import { homeFor } from "../support/model-process.mjs";
import { using } from "../support/resources.mjs";
import { row } from "../support/row.mjs";
import { appServer } from "../support/server.mjs";
import { median, ratios } from "../support/statistics.mjs";

/** `thread/resume` with `excludeTurns`, by the length of the history, on a server that has just started. */
export const resume = {
  name: "resume",
  async run({ model, quick, progress }) {
    const sizes = quick ? [10, 100] : [10, 100, 1_000, 10_000];
    const rounds = quick ? 2 : 9;
    const points = [];
    for (const size of sizes) points.push(await measure({ model, size, rounds, progress }));
    return { rows: points.map(line), charts: [chart(points)] };
  },
};

function measure({ model, size, rounds, progress }) {
  return using([() => homeFor(model)], async (home) => {
    progress(`a history of ${size} turns`);
    const threadId = await growThread(home, size);
    const contenders = {
      ours: () =>
        using([() => Codex.start({ env: home.env, cwd: home.path })], (codex) =>
          timed(() => codex.threadResume(threadId)),
        ),
      bare: () =>
        using([() => BareClient.start({ ...appServer, env: home.env, cwd: home.path })], (client) =>
          timed(() => client.request("thread/resume", { threadId, excludeTurns: true })),
        ),
    };
    for (const warmUp of Object.values(contenders)) await warmUp();
    const onRound = (round) => progress(`${size} turns, round ${round + 1} of ${rounds}`);
    return { size, times: await interleave(contenders, { rounds, onRound }) };
  });
}

function line({ size, times }) {
  return row({
    what: `resume of a history of ${size.toLocaleString("en")} turns, \`excludeTurns\``,
    against: "bare pipe client",
    samples: ratios(times.ours, times.bare),
    raw: times,
  });
}

function chart(points) {
  const series = (label, contender) => ({
    label,
    points: points.map(({ size, times }) => [size, median(times[contender])]),
  });
  return {
    name: "growth-history",
    title: "Resume with excludeTurns, by the length of the history",
    xLabel: "turns in the history",
    yLabel: "ms",
    series: [series("ours", "ours"), series("bare pipe client", "bare")],
  };
}
