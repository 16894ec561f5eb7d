import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Codex, type CodexWarning } from "codex-app-server";
import { expect, test, vi } from "vitest";
import { startScripted } from "../../../src/testing/index.ts";
import { readTrace } from "../../../src/trace/read-trace.ts";
import { bench, drivers } from "../../support/both-clients.ts";
import { linesOf, removeFolders, traceFolder } from "../../support/traces.ts";

removeFolders();

const server = bench();
const main = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));
const quiet = { onWarning: () => {} };

test.each(drivers)(
  "$name writes a trace with the server's process and warnings",
  async ({ client }) => {
    const file = path.join(traceFolder(), "run.jsonl");
    await server.model.enqueue({ text: ["he", "llo"] });
    const config = { unknown_setting_for_a_warning: true };
    const codex = client({ ...server.options, ...quiet, config, trace: { path: file } });
    await (await codex.threadStart()).run("hi");
    await codex.close();
    const { entries } = readTrace(file);
    const events = entries.flatMap((entry) => ("event" in entry ? [entry] : []));
    expect(events.map(({ event }) => event).filter((event) => event !== "warning")).toEqual([
      ...["connecting", "connected", "ready", "closed", "disconnected", "end"],
    ]);
    expect(events[1]?.details).toEqual({ pid: expect.any(Number) });
    const methods = entries.flatMap((entry) =>
      "direction" in entry ? [(entry.message as { method?: string }).method] : [],
    );
    expect(methods).toEqual(expect.arrayContaining(["initialize", "turn/start", "turn/completed"]));
  },
);

test("the environment turns tracing on", async () => {
  const folder = traceFolder();
  vi.stubEnv("CODEX_APP_SERVER_TRACE", `${folder}/`);
  await using _scripted = await startScripted({ ...quiet, script: ["hi"] });
  expect(readdirSync(folder)).toEqual([expect.stringMatching(/^codex-.*\.jsonl$/)]);
});

test("the options of a trace are read when the client is created", async () => {
  const [folder, elsewhere] = [traceFolder(), traceFolder()];
  const started = process.cwd();
  vi.stubEnv("PASSING_SECRET", "sesame-opensesame");
  process.chdir(folder);
  try {
    await using codex = new Codex({ ...server.options, ...quiet, trace: "run.jsonl" });
    process.chdir(elsewhere);
    vi.unstubAllEnvs();
    await server.model.enqueue("fine");
    await (await codex.threadStart()).run("sesame-opensesame");
  } finally {
    process.chdir(started);
  }
  expect(readFileSync(path.join(folder, "run.jsonl"), "utf8")).not.toContain("opensesame");
  expect(readdirSync(elsewhere)).toEqual([]);
});

test("the trace of a client that never connected is complete when close() resolves", async () => {
  const file = path.join(traceFolder(), "run.jsonl");
  await new Codex({ ...quiet, trace: file }).close();
  const { entries } = readTrace(file);
  expect(entries.at(-1)).toMatchObject({ event: "end" });
});

test("a trace that can't be written causes a warning, and the client continues", async () => {
  const folder = traceFolder();
  const file = path.join(folder, "precious.txt");
  writeFileSync(file, "keep me\n");
  const warnings: CodexWarning[] = [];
  await using scripted = await startScripted({
    ...{ script: ["fine"], trace: file },
    onWarning: (warning) => warnings.push(warning),
  });
  const result = await (await scripted.codex.threadStart()).run("hi");
  expect(result.text).toBe("fine");
  const failed = warnings.filter(({ code }) => code === "TRACE_FAILED");
  expect(failed).toMatchObject([{ message: expect.stringContaining("isn't a trace") }]);
  expect(readFileSync(file, "utf8")).toBe("keep me\n");
});

test("a program that throws leaves a complete trace", async () => {
  const file = path.join(traceFolder(), "run.jsonl");
  const program = `
    import { startScripted, Gate, text } from "codex-app-server/testing";
    const script = [text(["Half a ", "word", new Gate()])];
    const { codex } = await startScripted({ script, onWarning() {}, trace: ${JSON.stringify(file)} });
    const turn = await (await codex.threadStart()).turn("hi");
    for await (const delta of turn.textStream()) if (delta.includes("word")) break;
    throw new Error("crash");
  `;
  const running = promisify(execFile)(process.execPath, ["--input-type=module", "-e", program]);
  await expect(running).rejects.toThrow("crash");
  const lines = linesOf(file);
  expect(lines.at(-1)).toMatchObject({ event: "end" });
  expect(JSON.stringify(lines)).toContain('"delta":"Half a word"');
});

test("a program that fails because its server doesn't start leaves a trace with the reason", async () => {
  const file = path.join(traceFolder(), "run.jsonl");
  const launchArgs = [process.execPath, "-e", "console.error('no luck'); process.exit(3)"];
  const program = `
    import { Codex } from "codex-app-server";
    const codex = new Codex(${JSON.stringify({ launchArgs, trace: file })});
    await codex.threadStart().catch(() => process.exit(7));
  `;
  const running = promisify(execFile)(process.execPath, ["--input-type=module", "-e", program]);
  await expect(running).rejects.toMatchObject({ code: 7 });
  const [, ...lines] = linesOf(file);
  expect(lines).toMatchObject([
    { event: "connecting" },
    { event: "connected" },
    { send: { method: "initialize" } },
    { event: "disconnected", exitCode: 3, stderr: ["no luck"] },
    { event: "idle" },
    { event: "end" },
  ]);
});

async function cli(...args: string[]) {
  const env = { ...process.env, NO_COLOR: "1" };
  const ended = promisify(execFile)(process.execPath, [main, ...args], { env });
  const { stdout, stderr, code } = await ended.then(
    ({ stdout, stderr }) => ({ stdout, stderr, code: 0 }),
    (failed: { stdout: string; stderr: string; code: number }) => failed,
  );
  return { stdout, stderr, code };
}

test("the command line writes a trace and shows it", async () => {
  const folder = traceFolder();
  const file = path.join(folder, "run.jsonl");
  await cli("--scripted", "--trace", file, "--cd", folder, "write a file notes.txt");
  expect(existsSync(file)).toBe(true);

  const summary = await cli("trace", file);
  expect(summary.code).toBe(0);
  expect(summary.stdout).toMatch(/^Recorded \d{4}-.* by codex-app-server \d/);
  expect(summary.stdout).toMatch(
    /\nTurns\n {2}[\da-f-]{36} {2}completed, .* {2}write a file notes\.txt\n/,
  );
  expect(summary.stdout).toMatch(/ waiting for answers .* tokens: \d+ in, \d+ out\n/);
  expect(summary.stdout).toMatch(/\nSlowest requests\n {2}\S+ \S+ {2}\S+\n/);

  const timeline = await cli("trace", file, "--timeline");
  expect(timeline.stdout).toMatch(/\nUser\n {2}write a file notes\.txt\n/);
  expect(timeline.stdout).toContain("notes.txt");

  const found = await cli("trace", file, "--grep", "REQUESTapproval");
  expect(found.stdout).toMatch(/^ +\d+\.\d{3} ← \{.*requestApproval.*\}\n$/);
  expect((await cli("trace", file, "--grep", "nowhere to be found")).code).toBe(1);
});

test("the command line explains what is wrong with its arguments", async () => {
  const wrong: [string[], string][] = [
    [["trace"], 'trace: pass a trace file. To use the word as a prompt, put "--" before it.'],
    [["trace", "missing.jsonl"], 'trace: "missing.jsonl" doesn\'t exist'],
    [["trace", "package.json"], "isn't a codex-app-server trace"],
    [["trace", "package.json", "--grep", "("], '--grep: "(" isn\'t a regular expression'],
    [["trace", "package.json", "--grep", "x", "--timeline"], "use either --timeline or --grep"],
    [["trace", "a", "b"], 'unexpected argument "b"'],
  ];
  for (const [args, message] of wrong) {
    const { stderr, code } = await cli(...args);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  }
});
