import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { beforeAll, expect, test } from "vitest";
import {
  command,
  cut,
  patch,
  reasoning,
  reply,
  startScripted,
  text,
} from "../../../src/testing/index.ts";
import { readTrace } from "../../../src/trace/read-trace.ts";
import { marksOf } from "../../../src/traffic/rows.ts";
import { timelineOf } from "../../../src/traffic/timeline-of.ts";
import { Traffic } from "../../../src/traffic/traffic.ts";
import { waterfallOf } from "../../../src/traffic/waterfall.ts";
import { nextOf } from "../../support/e2e.ts";
import { removeFolders, traceFolder } from "../../support/traces.ts";

removeFolders();

let traffic = new Traffic();

/** A turn that thinks, runs commands, is cut off, changes a file, and waits for the user. */
beforeAll(async () => {
  const file = path.join(traceFolder(), "run.jsonl");
  const script = [
    reply(reasoning("I look first."), command("echo looked; exit 3")),
    cut(),
    patch("*** Begin Patch\n*** Add File: notes.txt\n+one\n*** End Patch"),
    command("touch outside", { escalate: "needs to write" }),
    text(["All ", "done."]),
  ];
  await using scripted = await startScripted({
    ...{ script, trace: file, onWarning: () => {} },
    config: { model_providers: { scripted: { stream_max_retries: 1 } } },
    approvals: {
      fileChange: "accept",
      command: async () => {
        await setTimeout(300);
        return "decline" as const;
      },
    },
  });
  const { codex } = scripted;
  const thread = await codex.threadStart({ sandbox: "read-only", approvalPolicy: "on-request" });
  await thread.run("Do it.");
  const renamed = nextOf(codex, "thread/name/updated");
  await codex.request("thread/name/set", { threadId: thread.id, name: "The work" });
  await renamed;
  await codex.request("no/such/method", {}).catch(() => {});
  await scripted.close();
  traffic = Traffic.of(readTrace(file).entries);
  traffic.end();
});

test("requests are paired with their answers", () => {
  const shown = traffic.requests.map(({ method, byServer, state }) => [method, byServer, state]);
  expect(shown).toEqual([
    ["initialize", false, "succeeded"],
    ["thread/start", false, "succeeded"],
    ["turn/start", false, "succeeded"],
    ["item/fileChange/requestApproval", true, "succeeded"],
    ["item/commandExecution/requestApproval", true, "succeeded"],
    ["thread/name/set", false, "succeeded"],
    ["no/such/method", false, "failed"],
  ]);
  const failed = traffic.requests.at(-1);
  expect(failed?.error).toContain("(-32600)");
  expect(failed && marksOf(failed, traffic.endedAt)).toEqual(["failed"]);
  const times = traffic.rows.map(({ at }) => at);
  expect(times).toEqual([...times].sort((a, b) => a - b));
});

test("threads have a name, a model, tokens and a state", () => {
  expect(traffic.threads).toMatchObject([
    {
      ...{ name: "The work", preview: "Do it.", status: "idle", isWaiting: false },
      ...{ model: "gpt-5.5", totalTokens: 60, turnCount: 1, parentThreadId: null },
    },
  ]);
});

test("a turn shows what its time was spent on", () => {
  const [turn] = traffic.turns;
  if (!turn) throw new Error("no turn");
  expect(turn).toMatchObject({ state: "completed", prompt: "Do it.", model: "gpt-5.5" });
  expect(turn.tokens).toMatchObject({ total: 60, input: 40, output: 20 });
  const { bars, shares, startedAt, endedAt } = waterfallOf(turn, traffic.endedAt);
  const shown = bars.map(({ activity, label, state }) => `${activity}: ${label}, ${state}`);
  expect(shown.filter((bar) => !bar.startsWith("model"))).toEqual([
    "commands: echo looked; exit 3, failed",
    expect.stringMatching(/^retries: Reconnecting... 1\/1: stream disconnected.*, failed$/),
    expect.stringMatching(/^fileChanges: .*notes.txt, completed$/),
    "waiting: Approval of file changes, completed",
    "commands: touch outside, declined",
    "waiting: Approval of touch outside, completed",
  ]);
  expect(bars.flatMap(({ parts }) => parts.map(({ kind }) => kind))).toEqual([
    "reasoning",
    "message",
  ]);
  const sum = shares.reduce((all, { ms }) => all + ms, 0);
  expect(sum).toBeCloseTo(endedAt - startedAt, 6);
  const waiting = shares.find(({ activity }) => activity === "waiting");
  expect(waiting?.ms).toBeGreaterThanOrEqual(299);
  expect(waiting?.longest?.label).toBe("Approval of touch outside");
});

test("the timeline of a thread is that of the whole trace", () => {
  const [thread] = traffic.threads;
  const { snapshot } = timelineOf(thread?.threadId ?? "", traffic.rows);
  expect(snapshot.turns[0]?.entries.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
    "userMessage completed",
    "reasoning completed",
    "command failed",
    "error completed",
    "fileChange completed",
    "command declined",
    "assistant completed",
  ]);
});
