import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { interleave, timed } from "../support/interleave.mjs";
import { row } from "../support/row.mjs";

const root = new URL("../../", import.meta.url).href;
const index = `${root}dist/index.js`;
const hooks = fileURLToPath(new URL("../support/log-modules.mjs", import.meta.url));
const UNASKED = ["node_modules/ws/", "node_modules/@cfworker/", "/sync/"];

/** What importing the package costs a program, and which modules it loads. */
export const importTime = {
  name: "import",
  async run({ quick, progress }) {
    const rounds = quick ? 10 : 40;
    const onRound = (round) => progress(`round ${round + 1} of ${rounds}`);
    const importing = ["--input-type=module", "-e", `await import(${JSON.stringify(index)})`];
    const contenders = {
      nothing: () => timed(() => node(["-e", "0"])),
      ours: () => timed(() => node(importing)),
    };
    const times = await interleave(contenders, { rounds, onRound });
    const modules = node(["--import", hooks, ...importing])
      .trim()
      .split("\n")
      .map((url) => url.replace(root, ""));
    const unasked = modules.filter((url) => UNASKED.some((part) => url.includes(part)));
    const samples = times.ours.map((ms, round) => ms - times.nothing[round]);
    return {
      rows: [
        row({
          what: "import of the package",
          against: "`node -e 0`",
          atMost: 25,
          unit: "ms more",
          samples,
          raw: times,
        }),
        row({
          what: "modules loaded eagerly by the import (`ws`, schemas, sync)",
          against: `${modules.length} modules loaded`,
          atMost: 0,
          unit: "modules",
          samples: [unasked.length],
          raw: { modules },
        }),
      ],
    };
  },
};

function node(args) {
  return execFileSync(process.execPath, args, { encoding: "utf8" });
}
