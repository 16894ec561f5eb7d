import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { Codex, type CodexOptions, type TurnResult } from "../../../src/index.ts";
import {
  command,
  patch,
  type Reply,
  reasoning,
  replay,
  reply,
  startScripted,
  text,
} from "../../../src/testing/index.ts";
import { toText } from "../../../src/timeline/index.ts";
import { shows } from "../../support/live-timelines.ts";
import { linesOf, removeFolders, traceFolder } from "../../support/traces.ts";

removeFolders();

const quiet = { onWarning: () => {} };
const ADD = "*** Begin Patch\n*** Add File: notes.txt\n+one\n+two\n*** End Patch";

/** Runs turns and returns their results and the timeline. */
async function run(codex: Codex, prompts: readonly string[]) {
  const thread = await codex.threadStart({ sandbox: "read-only", approvalPolicy: "on-request" });
  using timeline = await thread.timeline();
  const results: TurnResult[] = [];
  for (const prompt of prompts) results.push(await thread.run(prompt));
  const view = await shows(
    timeline,
    ({ turns }) =>
      turns.length === prompts.length && turns.every(({ state }) => state !== "running"),
  );
  return { results, view };
}

async function record(
  file: string,
  script: readonly Reply[],
  prompts: readonly string[],
  options: CodexOptions = {},
) {
  await using scripted = await startScripted({ ...quiet, script, trace: file, ...options });
  return await run(scripted.codex, prompts);
}

async function play(file: string, prompts: readonly string[], options: CodexOptions = {}) {
  const server = replay(file, { waitMs: 20_000 });
  await using codex = new Codex({ ...quiet, ...options, transport: server });
  const played = await run(codex, prompts);
  await codex.close();
  return { ...played, server };
}

/** The parts that are the same in every run of the client. */
function told(value: unknown): unknown {
  const ids = /[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g;
  return JSON.parse(JSON.stringify(value).replaceAll(ids, "an id"));
}

test("a turn with a command, a patch and an approval replays to the same result and timeline", async () => {
  const file = path.join(traceFolder(), "run.jsonl");
  const script = [
    reply(reasoning("I look first."), command("echo looked; exit 3")),
    patch(ADD),
    command("touch outside", { escalate: "needs to write" }),
    text(["All ", "is\n", "done: ", "\u00fc"]),
  ];
  const asked: string[] = [];
  const approvals = {
    fileChange: () => {
      asked.push("fileChange");
      return "accept" as const;
    },
    command: () => {
      asked.push("command");
      return "decline" as const;
    },
  };
  const recorded = await record(file, script, ["Do it."], { approvals });
  expect(recorded.results[0]).toMatchObject({ status: "completed", text: "All is\ndone: \u00fc" });
  expect(recorded.view.turns[0]?.entries.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
    "userMessage completed",
    "reasoning completed",
    "command failed",
    "fileChange completed",
    "command declined",
    "assistant completed",
  ]);
  const played = await play(file, ["Do it."], { approvals });
  played.server.assertNoDivergence();
  await played.server.finished;
  expect(told(played.results)).toEqual(told(recorded.results));
  expect(told(played.view)).toEqual(told(recorded.view));
  expect(toText(played.view)).toBe(toText(recorded.view));
  expect(asked).toEqual(["fileChange", "command", "fileChange", "command"]);
});

test("100 turns replay to the same results and timeline", async () => {
  const file = path.join(traceFolder(), "run.jsonl");
  const prompts = Array.from({ length: 100 }, (_, index) => `Say ${index}.`);
  const script = prompts.map((_, index) => text(["Number ", `${index}`, "\n", "."]));
  const recorded = await record(file, script, prompts);
  const played = await play(file, prompts);
  played.server.assertNoDivergence();
  expect(told(played.results)).toEqual(told(recorded.results));
  expect(told(played.view)).toEqual(told(recorded.view));
}, 120_000);

test("a replay reports differences, and messages that the client doesn't send", async () => {
  const file = path.join(traceFolder(), "run.jsonl");
  await record(file, [patch(ADD), "Done.", "Again."], ["one", "two"], { approvals: "accept" });
  const server = replay(file);
  await using codex = new Codex({ ...quiet, transport: server, approvals: "decline" });
  const thread = await codex.threadStart({
    sandbox: "read-only",
    approvalPolicy: "on-request",
    cwd: "/other",
  });
  using _timeline = await thread.timeline();
  const result = await thread.run("1");
  expect(result.text).toBe("Done.");
  const extra = codex.request("thread/name/set", { threadId: thread.id, name: "x" });
  await expect(extra).rejects.toThrow("The recording doesn't have the request thread/name/set");
  await codex.close();
  expect(server.divergences).toEqual([
    {
      kind: "different",
      what: "the request thread/start",
      path: "params.cwd",
      recorded: undefined,
      actual: "/other",
    },
    {
      kind: "different",
      what: "the request turn/start",
      path: "params.input[0].text",
      recorded: "one",
      actual: "1",
    },
    {
      kind: "different",
      what: "the answer to the server's request 0",
      path: "result.decision",
      recorded: "accept",
      actual: "decline",
    },
    { kind: "unexpected", what: "the request thread/name/set", actual: expect.anything() },
    { kind: "missing", what: "the request turn/start", recorded: expect.anything() },
  ]);
  expect(() => server.assertNoDivergence()).toThrow(
    'The client diverged from the recording:\n- the request thread/start differs at params.cwd: recorded nothing, sent "/other"\n',
  );
});

test("members that may differ are ignored, and so are masked secrets", async () => {
  const file = path.join(traceFolder(), "run.jsonl");
  const prompt = "Use password=tr0ub4dor&3 please.";
  await record(file, ["Yes."], [prompt]);
  const server = replay(file, { ignore: ["cwd"] });
  await using codex = new Codex({ ...quiet, transport: server });
  const thread = await codex.threadStart({
    sandbox: "read-only",
    approvalPolicy: "on-request",
    cwd: "/other",
  });
  using _timeline = await thread.timeline();
  await thread.run(prompt);
  server.assertNoDivergence();
});

test("a replay with a speed takes the recorded time", async () => {
  const file = path.join(traceFolder(), "run.jsonl");
  await record(file, [text(["a", "b", "c"], { delayMs: 100 })], ["go"]);
  const before = performance.now();
  await using codex = new Codex({ ...quiet, transport: replay(file, { speed: 1 }) });
  const thread = await codex.threadStart({ sandbox: "read-only", approvalPolicy: "on-request" });
  using _timeline = await thread.timeline();
  expect((await thread.run("go")).text).toBe("abc");
  // Two pauses of 100 ms were recorded; a timer may fire a millisecond early.
  expect(performance.now() - before).toBeGreaterThan(190);
});

test("a lost server and its restart replay", async () => {
  const file = path.join(traceFolder(), "run.jsonl");
  const program = async (codex: Codex, lose: () => void) => {
    const lost = new Promise<void>((resolve) => {
      codex.onStatus(({ state }) => state === "reconnecting" && resolve());
    });
    const thread = await codex.threadStart();
    await thread.run("one");
    lose();
    await lost;
    return (await thread.run("two")).text;
  };
  {
    const options = { ...quiet, script: ["One.", "Two."], trace: file, restart: true };
    await using scripted = await startScripted(options);
    const kill = () => {
      const { pid } = linesOf(file).find(({ event }) => event === "connected") ?? {};
      process.kill(pid as number, "SIGKILL");
    };
    expect(await program(scripted.codex, kill)).toBe("Two.");
  }
  const server = replay(file, { waitMs: 20_000 });
  await using codex = new Codex({ ...quiet, transport: server, reconnect: true, restart: true });
  expect(await program(codex, () => {})).toBe("Two.");
  server.assertNoDivergence();
});

test("options are checked, and a file that isn't a trace is refused", () => {
  expect(() => replay("missing.jsonl")).toThrow("ENOENT");
  expect(() => replay("package.json")).toThrow("isn't a codex-app-server trace");
  expect(() => replay("x", { speed: 0 })).toThrow(
    "replay option speed must be a number greater than 0",
  );
  expect(() => new Codex({ trace: "" })).toThrow("Codex option trace must be a non-empty string");
  expect(() => new Codex({ trace: {} as never })).toThrow("Codex option trace has no path");
});

test("a recording with a message of 20,000 levels is played to its end", async () => {
  const file = path.join(traceFolder(), "run.jsonl");
  await record(file, ["hello"], ["go"]);
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  const at = lines.findIndex((line) => line.includes('"turn/started"'));
  const params = "[".repeat(20_000) + "]".repeat(20_000);
  const deep = lines[at]?.replace(/"receive":.*$/, `"receive":{"method":"x","params":${params}}}`);
  writeFileSync(file, `${lines.toSpliced(at, 0, deep ?? "").join("\n")}\n`);
  const { results, server } = await play(file, ["go"]);
  expect(results.map(({ text }) => text)).toEqual(["hello"]);
  expect(server.divergences).toEqual([]);
});
