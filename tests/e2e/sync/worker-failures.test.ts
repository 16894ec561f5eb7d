import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { bench, fresh } from "../../support/both-clients.ts";
import { isRunning } from "../../support/processes.ts";
import { nativeBinary } from "../../support/raw-client.ts";
import { waitUntil } from "../../support/wait-until.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const support = (file: string) => fileURLToPath(new URL(`../../support/${file}`, import.meta.url));
/** Much less than the time that a call without a reply would wait; enough on a busy machine. */
const PROMPT_MS = 20_000;

/** Runs a program to its end, and returns what it printed. */
async function run(program: string, args: readonly string[] = [], env: object = {}) {
  const options = { timeout: PROMPT_MS, env: { ...process.env, ...env } };
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], options);
  return JSON.parse(stdout);
}

describe("a client whose worker can't load fails immediately, with an error that names bundling", () => {
  let folder: string;
  const installed = (file = "") => path.join(folder, "node_modules/codex-app-server", file);
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), "codex-sync-bundle-"));
    mkdirSync(installed(), { recursive: true });
    for (const name of ["@cfworker", "@standard-schema", "@openai", "ws"]) {
      symlinkSync(path.join(root, "node_modules", name), path.join(folder, "node_modules", name));
    }
    cpSync(path.join(root, "package.json"), installed("package.json"));
    cpSync(support("sync-start.mjs"), path.join(folder, "program.mjs"));
  });
  beforeEach(() => {
    rmSync(installed("dist"), { recursive: true, force: true });
    cpSync(path.join(root, "dist"), installed("dist"), { recursive: true });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const failure = (why: string) => ({
    ms: expect.any(Number),
    name: "LaunchError",
    code: "LAUNCH_FAILED",
    message: expect.stringMatching(
      new RegExp(`couldn't start its worker thread: .*${why}.*mark codex-app-server as external`),
    ),
  });
  const importsOf = (file: string) =>
    [...readFileSync(installed(file), "utf8").matchAll(/from "(\.[^"]+)"/g)].map(([, to]) => to);

  test("when the file is missing", async () => {
    rmSync(installed("dist/sync/worker.js"));
    expect(await run(path.join(folder, "program.mjs"))).toEqual(failure("Cannot find module"));
  });

  test("when part of it is missing", async () => {
    const used = new Set(importsOf("dist/sync/index.js"));
    const [part = ""] = importsOf("dist/sync/worker.js").filter((file) => !used.has(file));
    rmSync(path.join(installed("dist/sync"), part));
    expect(await run(path.join(folder, "program.mjs"))).toEqual(failure("Cannot find module"));
  });

  test.each([
    ["is cut off", "export function (", "Function statements require"],
    ["is only its address", 'export default "/assets/worker.js";', "no function serveCalls"],
    ["throws", "throw new Error('no such binding')", "no such binding"],
  ])("when it %s", async (_what, code, why) => {
    writeFileSync(installed("dist/sync/worker.js"), code);
    expect(await run(path.join(folder, "program.mjs"))).toEqual(failure(why));
  });

  const bundle = async (format: "esm" | "cjs", external: RegExp[] = []) => {
    const file = path.join(folder, fresh("bundle"), format === "esm" ? "main.mjs" : "main.cjs");
    const input = path.join(folder, "program.mjs");
    const bundle = await rolldown({ input, platform: "node", external, logLevel: "silent" });
    await bundle.write({ file, format });
    await bundle.close();
    return file;
  };

  test.each(["esm", "cjs"] as const)("in a bundle: %s", async (format) => {
    expect(await run(await bundle(format))).toEqual(failure(""));
  });

  test.each(["esm", "cjs"] as const)("unless the package is external: %s", async (format) => {
    const { name, message } = await run(await bundle(format, [/^codex-app-server/]));
    expect(name).toBe("LaunchError");
    expect(message).toContain("/no/such/codex");
  });
});

describe("a client that loses its worker", () => {
  const server = bench();
  const program = support("sync-dying-worker.mjs");
  const lost = {
    name: "TransportClosedError",
    code: "TRANSPORT_CLOSED",
    message:
      "The client's worker thread ended unexpectedly: it was terminated or ran out of memory",
  };

  /** A command line that writes the pid of the server to a file. */
  function noted(...command: string[]) {
    const file = path.join(server.cwd, fresh("pid"));
    const note = 'echo $$ > "$0.new" && mv "$0.new" "$0" && exec "$@"';
    const pid = () => (existsSync(file) ? Number(readFileSync(file, "utf8")) : 0);
    return { launchArgs: ["/bin/sh", "-c", note, file, ...command], pid };
  }

  const runWith = (manner: string, launchArgs: readonly string[]) =>
    run(program, [manner], { OPTIONS: JSON.stringify({ ...server.options, launchArgs }) });

  test("to terminate() fails its call and later ones soon, and leaves no server", async () => {
    await server.model.enqueue({ command: "true", escalate: "to see" }, "done");
    const { launchArgs, pid } = noted(nativeBinary(), "app-server");
    const { ms, errors, status } = await runWith("terminated", launchArgs);
    expect(errors).toEqual([lost, lost]);
    expect(status).toBe("closed");
    expect(ms).toBeLessThan(5_000);
    await waitUntil("the server is gone", () => !isRunning(pid()));
  });

  test("to a lack of memory fails its call and later ones soon, and leaves no server", async () => {
    const { launchArgs, pid } = noted(process.execPath, support("fake-flood.mjs"));
    const { errors, status } = await runWith("out of memory", launchArgs);
    expect(errors).toEqual([lost, lost]);
    expect(status).toBe("closed");
    await waitUntil("the server is gone", () => !isRunning(pid()));
  });
});
