import { copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { sh } from "../support/shell.mjs";
import { engine, tools } from "../support/tools.mjs";

const node = process.execPath;
const WITHOUT_SYNC = {
  "`CodexSync`": {
    says: "The worker of `CodexSync` is a separate file: mark `codex-app-server` as external. The error says so immediately.",
    error: /couldn't start its worker thread.*mark codex-app-server as external/s,
  },
};

/** Optional addons of `ws`, which aren't installed: otherwise webpack warns about them. */
const ADDONS = { bufferutil: "commonjs bufferutil", "utf-8-validate": "commonjs utf-8-validate" };
const ADDONS_NOTE =
  "With `externals` for two optional addons of `ws`; otherwise webpack warns about them.";

/** A bundler's module, imported from where it is installed. */
async function bundler(name) {
  const require = createRequire(path.join(await tools("bundlers"), "none.js"));
  return import(pathToFileURL(require.resolve(name)).href);
}

/**
 * A bundle of the suite, in a folder in which only the server is installed. `bundle` writes
 * `out/NAME` and returns the warnings of the bundler.
 */
const bundled = (name, bundle, { file, lacks = WITHOUT_SYNC, note, keeps = ["@openai"] }) => ({
  name,
  lacks,
  note,
  async prepare(stage) {
    const source = await stage.project("source");
    const warnings = await bundle(path.join(source, "program.mjs"), path.join(source, "out", file));
    if (warnings.length > 0) throw new Error(`${name} warns:\n${warnings.join("\n")}`);
    const cwd = stage.folder();
    deploy(source, cwd, keeps);
    return { cwd, command: [node, `out/${file}`] };
  },
});

/**
 * Moves the bundle and the packages that it needs to another folder, where nothing else can be
 * found.
 */
function deploy(source, target, packages) {
  renameSync(path.join(source, "out"), path.join(target, "out"));
  mkdirSync(path.join(target, "node_modules"));
  for (const name of packages) {
    renameSync(path.join(source, "node_modules", name), path.join(target, "node_modules", name));
  }
  rmSync(source, { recursive: true });
}

const esbuild = (format, external) => async (input, outfile) => {
  const { build } = await bundler("esbuild");
  const { warnings } = await build({
    entryPoints: [input],
    outfile,
    bundle: true,
    platform: "node",
    format,
    external,
    logLevel: "silent",
    // The bundled `ws` calls require().
    ...(format === "esm" ? { banner: { js: REQUIRE } } : {}),
  });
  return warnings.map(({ text, location }) => `${location?.file}:${location?.line} ${text}`);
};

const REQUIRE =
  'import { createRequire as of } from "node:module"; const require = of(import.meta.url);';

const rolldown = (format, external) => async (input, file) => {
  const { rolldown: open } = await bundler("rolldown");
  const warnings = [];
  const onLog = (level, { message }) => {
    if (level === "warn") warnings.push(message);
  };
  const bundle = await open({ input, platform: "node", external, onLog });
  await bundle.write({ file, format, codeSplitting: false });
  await bundle.close();
  return warnings;
};

const webpack =
  (externals, extra = {}) =>
  async (input, file) => {
    const { default: start } = await bundler("webpack");
    const stats = await new Promise((resolve, reject) => {
      const config = {
        mode: "production",
        target: "node20",
        entry: input,
        output: { path: path.dirname(file), filename: path.basename(file), ...extra.output },
        experiments: extra.experiments,
        externals,
        externalsType: extra.externalsType ?? "commonjs",
      };
      start(config, (error, result) => (error ? reject(error) : resolve(result)));
    });
    const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
    if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join("\n"));
    return warnings.map(({ moduleName, message }) => `${moduleName}: ${message}`);
  };

const EXTERNAL = ["codex-app-server"];
const ALL = ["codex-app-server", "@openai", "ws", "@cfworker", "@standard-schema"];
const external = { lacks: {}, keeps: ALL };
const wordsOfExternal = Object.fromEntries(
  ["", "/browser", "/sync", "/testing", "/web"].map((entry) => [
    `codex-app-server${entry}`,
    `module codex-app-server${entry}`,
  ]),
);

export const bundles = [
  bundled("esbuild, ESM", esbuild("esm", []), {
    file: "main.mjs",
    note: "With a `banner` that defines `require`, which `ws` calls.",
  }),
  bundled("esbuild, CommonJS", esbuild("cjs", []), { file: "main.cjs" }),
  bundled(
    "esbuild, `codex-app-server` external",
    esbuild("esm", [...EXTERNAL, "codex-app-server/*"]),
    {
      file: "main.mjs",
      ...external,
    },
  ),
  bundled("rolldown, ESM", rolldown("esm", []), { file: "main.mjs" }),
  bundled("rolldown, CommonJS", rolldown("cjs", []), { file: "main.cjs" }),
  bundled("rolldown, `codex-app-server` external", rolldown("esm", [/^codex-app-server/]), {
    file: "main.mjs",
    ...external,
  }),
  bundled("webpack, CommonJS", webpack(ADDONS), { file: "main.cjs", note: ADDONS_NOTE }),
  bundled(
    "webpack, ESM",
    webpack(ADDONS, { output: { module: true }, experiments: { outputModule: true } }),
    { file: "main.mjs", note: ADDONS_NOTE },
  ),
  bundled(
    "webpack, `codex-app-server` external",
    webpack(wordsOfExternal, {
      output: { module: true },
      experiments: { outputModule: true },
      externalsType: "module",
    }),
    { file: "main.mjs", ...external },
  ),
  {
    name: "`bun build --compile`",
    lacks: WITHOUT_SYNC,
    note: "With `node_modules/@openai` next to the executable; otherwise set `codexBin`.",
    async prepare(stage) {
      const source = await stage.project("source");
      const args = ["build", "--compile", "program.mjs", "--outfile", "out/program"];
      await sh(await engine("bun"), args, { cwd: source });
      const cwd = stage.folder();
      deploy(source, cwd, ["@openai"]);
      return { cwd, command: ["./out/program"] };
    },
  },
  {
    name: "Node's single executable application",
    lacks: WITHOUT_SYNC,
    note: "A CommonJS bundle, with `node_modules/@openai` next to the executable; otherwise set `codexBin`.",
    async prepare(stage) {
      const source = await stage.project("source");
      const bundle = path.join(source, "main.cjs");
      await esbuild("cjs", [])(path.join(source, "program.mjs"), bundle);
      await sea(source, bundle);
      const cwd = stage.folder();
      deploy(source, cwd, ["@openai"]);
      return { cwd, command: ["./out/program"] };
    },
  },
];

async function sea(folder, main) {
  const node22 = await engine("node-22");
  const config = { main, output: "sea.blob", disableExperimentalSEAWarning: true };
  writeFileSync(path.join(folder, "sea.json"), JSON.stringify(config));
  await sh(node22, ["--experimental-sea-config", "sea.json"], { cwd: folder });
  mkdirSync(path.join(folder, "out"));
  const program = path.join(folder, "out/program");
  copyFileSync(node22, program);
  const { inject } = createRequire(path.join(await tools("bundlers"), "none.js"))("postject");
  const { readFileSync } = await import("node:fs");
  await inject(program, "NODE_SEA_BLOB", readFileSync(path.join(folder, "sea.blob")), {
    sentinelFuse: "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2",
  });
}
