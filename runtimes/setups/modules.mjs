import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { copySuite, install } from "../support/pack.mjs";
import { sh } from "../support/shell.mjs";
import { engine, tools } from "../support/tools.mjs";

const NATIVE = "node_modules/@openai/codex-linux-x64";

/** How programs get the package: other module systems, package managers and places. */
export const modules = [
  {
    name: "CommonJS: `require()`, Node 20.20",
    async prepare(stage) {
      return { cwd: await stage.project(), command: [await engine("node-20"), "program.cjs"] };
    },
  },
  {
    name: "CommonJS: `require()`, Node 26.10",
    async prepare(stage) {
      return { cwd: await stage.project(), command: [await engine("node-26"), "program.cjs"] };
    },
  },
  {
    name: "pnpm, nothing hoisted",
    async prepare(stage) {
      const cwd = stage.folder();
      writeFileSync(path.join(cwd, "package.json"), `{ "private": true }`);
      writeFileSync(path.join(cwd, "pnpm-workspace.yaml"), "hoist: false\npackages: []\n");
      const pnpm = path.join(await tools("bundlers"), ".bin/pnpm");
      const args = ["add", "--ignore-scripts", "--prefer-offline", await stage.archive()];
      await sh(pnpm, args, { cwd });
      copySuite(cwd);
      return { cwd, command: [process.execPath, "program.mjs"] };
    },
  },
  {
    name: "npm, `--omit=optional`",
    fails: {
      says: "The error names the package to install.",
      error:
        /installed without @openai\/codex-linux-x64.*npm install @openai\/codex-linux-x64@npm:@openai\/codex@[\d.]+-linux-x64`/s,
    },
    async prepare(stage) {
      const cwd = stage.folder();
      await install(await stage.archive(), cwd, "--omit=optional");
      copySuite(cwd);
      return { cwd, command: [process.execPath, "program.mjs"], env: { PATH: "/usr/bin:/bin" } };
    },
  },
  {
    name: "Electron's layout: in `app.asar`, with the PATH of a desktop program",
    note: "The executable is unpacked next to the archive (`asarUnpack`). Tested in Node, with the folder layout of an Electron program.",
    async prepare(stage) {
      const cwd = await stage.project("app.asar");
      unpack(cwd);
      return { cwd, command: [process.execPath, "program.mjs"], env: { PATH: "/usr/bin:/bin" } };
    },
  },
  {
    name: "Electron's layout, nothing unpacked",
    fails: {
      says: "The error names the package to unpack.",
      error: /outside app\.asar.*Unpack the package @openai\/codex-linux-x64 \(asarUnpack\)/s,
    },
    async prepare(stage) {
      const cwd = await stage.project("app.asar");
      return { cwd, command: [process.execPath, "program.mjs"], env: { PATH: "/usr/bin:/bin" } };
    },
  },
];

/** What Electron's packagers do: an executable inside the archive can't be run. */
function unpack(archive) {
  const unpacked = path.join(`${archive}.unpacked`, NATIVE);
  mkdirSync(path.dirname(unpacked), { recursive: true });
  cpSync(path.join(archive, NATIVE), unpacked, { recursive: true });
  rmSync(path.join(archive, NATIVE, "vendor"), { recursive: true });
}
