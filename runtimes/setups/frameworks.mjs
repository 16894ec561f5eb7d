import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { sh } from "../support/shell.mjs";
import { engine, tools } from "../support/tools.mjs";

/** A test file that runs the suite, in Jest. */
const jest = (name, engineName, file) => ({
  name,
  note: "With Node's flag `--experimental-vm-modules`.",
  async prepare(stage) {
    const cwd = await stage.project();
    const config = { testMatch: [`<rootDir>/${file}`], cacheDirectory: "<rootDir>/jest-cache" };
    writeFileSync(path.join(cwd, "jest.config.json"), JSON.stringify(config));
    const program = path.join(await tools("frameworks"), "jest/bin/jest.js");
    return { cwd, command: [await engine(engineName), "--experimental-vm-modules", program] };
  },
});

/** The same in vitest, with each file in its own realm. */
const vmThreads = (name, engineName) => ({
  name,
  async prepare(stage) {
    const cwd = await stage.project();
    const config = { test: { globals: true, pool: "vmThreads" } };
    writeFileSync(
      path.join(cwd, "vitest.config.mjs"),
      `export default ${JSON.stringify(config)};\n`,
    );
    const program = path.join(await tools("frameworks"), "vitest/vitest.mjs");
    return { cwd, command: [await engine(engineName), program, "run", "program.test.mjs"] };
  },
});

/**
 * A route handler of Next.js, built with `output: "standalone"`, with the output moved to its own
 * folder.
 */
const next = (name, bundler) => ({
  name,
  note: "With `serverExternalPackages` and `outputFileTracingIncludes`.",
  async prepare(stage) {
    const app = await stage.project("source");
    const modules = path.join(app, "node_modules");
    cpSync(await tools("frameworks"), modules, { recursive: true, verbatimSymlinks: true });
    mkdirSync(path.join(app, "app/suite"), { recursive: true });
    writeFileSync(path.join(app, "app/layout.js"), LAYOUT);
    writeFileSync(path.join(app, "app/suite/route.js"), 'export * from "../../route.mjs";\n');
    mkdirSync(path.join(app, "app/api/codex/[...path]"), { recursive: true });
    writeFileSync(
      path.join(app, "app/api/codex/[...path]/route.js"),
      'export { GET, POST } from "../../../../served-route.mjs";\n',
    );
    writeFileSync(path.join(app, "next.config.mjs"), `export default ${JSON.stringify(CONFIG)};\n`);
    const args = [path.join(modules, "next/dist/bin/next"), "build", bundler];
    const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1" };
    await sh(process.execPath, args, { cwd: app, env });
    const cwd = stage.folder();
    renameSync(path.join(app, ".next/standalone"), path.join(cwd, "standalone"));
    renameSync(path.join(app, "ask-server.mjs"), path.join(cwd, "ask-server.mjs"));
    rmSync(app, { recursive: true });
    return { cwd, command: [process.execPath, "ask-server.mjs", "standalone/server.js", "/suite"] };
  },
});

const LAYOUT =
  "export default function Layout({ children }) { return <html><body>{children}</body></html>; }\n";

const CONFIG = {
  output: "standalone",
  serverExternalPackages: ["codex-app-server"],
  outputFileTracingIncludes: {
    "/suite": ["node_modules/codex-app-server/dist/**/*.js", "node_modules/@openai/codex*/**"],
  },
};

export const frameworks = [
  next("Next.js 16.4, Turbopack", "--turbopack"),
  next("Next.js 16.4, webpack", "--webpack"),
  jest("Jest 30.5, ES modules, Node 20.20", "node-20", "program.test.mjs"),
  jest("Jest 30.5, CommonJS, Node 26.10", "node-26", "program.test.cjs"),
  vmThreads("vitest 4.1, `vmThreads`, Node 20.20", "node-20"),
  vmThreads("vitest 4.1, `vmThreads`, Node 26.10", "node-26"),
];
