import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ours } from "../support/contenders.mjs";
import { interleave, timed } from "../support/interleave.mjs";
import { homeFor } from "../support/model-process.mjs";
import { pythonWithCodex } from "../support/peers.mjs";
import { using } from "../support/resources.mjs";
import { absent, row } from "../support/row.mjs";
import { codexBinary, replayServer } from "../support/server.mjs";
import { ratios } from "../support/statistics.mjs";
import { worker } from "../support/worker.mjs";

const run = promisify(execFile);
const against = "the Python SDK, `openai-codex`";
const turnRow = { what: "a turn, warm", against };
const deltaRow = { what: "CPU per delta, streamed", against };

/** The SDK for Python, which drives the same app-server. */
export const python = {
  name: "python",
  async run({ model, quick, progress }) {
    const interpreter = pythonWithCodex();
    if (!interpreter) {
      const note = "could not be installed";
      return { rows: [turnRow, deltaRow].map((one) => absent({ ...one, note })) };
    }
    const rounds = quick ? 10 : 40;
    const turns = await warmTurns({ model, interpreter, rounds, progress });
    const deltas = await streamedDeltas({ interpreter, rounds: quick ? 1 : 5, progress });
    const line = (given, { python: theirs, ours: our }) =>
      row({ ...given, unit: "× faster", samples: ratios(theirs, our), raw: { theirs, our } });
    return { rows: [line(turnRow, turns), line(deltaRow, deltas)] };
  },
};

function warmTurns({ model, interpreter, rounds, progress }) {
  const homes = [() => homeFor(model), () => homeFor(model)];
  return using(homes, (home, otherHome) =>
    using(
      [() => ours({ home }), () => pythonTurns({ interpreter, home: otherHome })],
      async (our, peer) => {
        const contenders = { ours: () => timed(our.turn), python: peer.turn };
        for (const warmUp of Object.values(contenders)) await warmUp();
        const onRound = (round) => progress(`turn ${round + 1} of ${rounds}`);
        return interleave(contenders, { rounds, onRound });
      },
    ),
  );
}

function streamedDeltas({ interpreter, rounds, progress }) {
  const flood = { kind: "message", deltas: 20_000 };
  const server = [replayServer.command, ...replayServer.args];
  const contenders = {
    ours: async () => (await worker("flood-sdk", { flood, consumer: "stream" })).cpuUs,
    python: async () => {
      const args = [script("python-flood"), JSON.stringify({ flood, server })];
      return JSON.parse((await run(interpreter, args)).stdout).cpuUs;
    },
  };
  const onRound = (round) => progress(`deltas, round ${round + 1} of ${rounds}`);
  return interleave(contenders, { rounds, onRound });
}

/** A Python that runs turns on its own server. */
function pythonTurns({ interpreter, home }) {
  const child = spawn(interpreter, [script("python-turns"), codexBinary, home.path], {
    env: { ...process.env, ...home.env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout });
  return {
    async turn() {
      child.stdin.write("\n");
      const [ms] = await once(lines, "line");
      return Number(ms);
    },
    async close() {
      child.stdin.end();
      await once(child, "exit");
    },
  };
}

function script(name) {
  return fileURLToPath(new URL(`../workers/${name}.py`, import.meta.url));
}
