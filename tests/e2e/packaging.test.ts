import { execFile } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");
const suite = (file: string) => path.join(root, "runtimes/suite", file);
const NAMES = ["streaming", "tools"];
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "packaging-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the suite of `npm run runtimes` in a program, and returns its report. */
async function outcomes(program: string, command = [program]) {
  const report = path.join(folder, `${path.basename(program)}.jsonl`);
  const env = { ...process.env, SUITE_NAMES: JSON.stringify(NAMES), SUITE_REPORT: report };
  await promisify(execFile)(process.execPath, command, { cwd: path.dirname(program), env });
  return readFileSync(report, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    .filter(({ outcome }) => outcome !== undefined)
    .map(({ name, outcome, message }) => ({ name, outcome, message }));
}

const passed = NAMES.map((name) => ({ name, outcome: "passed" }));

test("all code of the package is ASCII, which loads faster", () => {
  const dist = path.join(root, "dist");
  const files = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".js") && !file.startsWith("inspect"),
  );
  expect(files.length).toBeGreaterThan(20);
  const others = files.filter((file) =>
    /[^\0-\x7f]/.test(readFileSync(path.join(dist, file), "utf8")),
  );
  expect(others).toEqual([]);
});

test("CommonJS programs can require the package", async () => {
  expect(await outcomes(suite("program.cjs"))).toEqual(passed);
});

test("another realm, as in vitest's vmThreads and Jest, can use the package", async () => {
  const program = suite("program.test.mjs");
  const config = path.join(folder, "vitest.config.mjs");
  const options = {
    root: path.dirname(program),
    cacheDir: path.join(folder, "vite"),
    test: { globals: true, pool: "vmThreads", include: [path.basename(program)] },
  };
  writeFileSync(config, `export default ${JSON.stringify(options)}`);
  const vitest = path.join(root, "node_modules/vitest/vitest.mjs");
  expect(await outcomes(program, [vitest, "run", "--config", config])).toEqual(passed);
});

test("a CommonJS bundle finds the server beside it", async () => {
  const file = path.join(folder, "bundled/out/main.cjs");
  const input = suite("program.mjs");
  const bundle = await rolldown({ input, platform: "node", cwd: root });
  await bundle.write({ file, format: "cjs", codeSplitting: false });
  await bundle.close();
  mkdirSync(path.join(folder, "bundled/node_modules"));
  symlinkSync(
    path.join(root, "node_modules/@openai"),
    path.join(folder, "bundled/node_modules/@openai"),
  );
  expect(await outcomes(file)).toEqual(passed);
});

test("every entry point has the same forms, and all its files are built", () => {
  const { exports, typesVersions } = JSON.parse(
    readFileSync(path.join(root, "package.json"), "utf8"),
  );
  for (const [entry, target] of Object.entries(exports)) {
    if (typeof target === "string") continue;
    const { import: module } = target as { import: { types: string; default: string } };
    const base = module.default.replace(/\.js$/, "");
    expect(target).toEqual({
      import: { types: `${base}.d.ts`, default: `${base}.js` },
      require: { types: `${base}.d.cts`, default: `${base}.cjs` },
    });
    for (const end of [".js", ".cjs", ".d.ts", ".d.ts.map", ".d.cts"]) {
      expect(existsSync(path.join(root, base + end)), base + end).toBe(true);
    }
    if (entry !== ".") expect(typesVersions["*"][entry.slice(2)]).toEqual([`${base}.d.cts`]);
  }
});

test("an import loads none of Node's streams, processes, sockets and hashes", async () => {
  const code = `
    const before = new Set(process.moduleLoadList);
    await import("codex-app-server");
    console.log(process.moduleLoadList.filter((module) => !before.has(module)).join("\\n"));
  `;
  const command = ["--input-type=module", "--eval", code];
  const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: root });
  expect(stdout).toContain("NativeModule");
  expect(stdout).not.toMatch(
    /NativeModule (?:stream|net|http|child_process|crypto|fs\/promises|vm|worker_threads)$/m,
  );
});

test("an import compiles no expression with a Unicode property, which would take milliseconds", () => {
  const loaded = new Set([path.join(root, "dist/index.js")]);
  for (const file of loaded) {
    const code = readFileSync(file, "utf8");
    expect(code).not.toMatch(/^(?:const|let|var) .*\\p\{/m);
    for (const [, imported = ""] of code.matchAll(/^(?:import|export) .*"(\.[^"]+)";$/gm)) {
      loaded.add(path.resolve(path.dirname(file), imported));
    }
  }
  expect(loaded.size).toBeGreaterThan(2);
});
