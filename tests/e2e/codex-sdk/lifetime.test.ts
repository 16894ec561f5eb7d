import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import type { Thread } from "../../../src/codex-sdk/index.ts";
import { MethodNotFoundError, Thread as NativeThread } from "../../../src/index.ts";
import { command, Gate, text } from "../../../src/testing/index.ts";
import { dropIn } from "../../support/codex-sdk.ts";
import { failureOf } from "../../support/e2e.ts";
import { isRunning } from "../../support/processes.ts";
import { waitUntil } from "../../support/wait-until.ts";

const program = fileURLToPath(new URL("../../support/codex-sdk-program.mjs", import.meta.url));
/** The command's parent is the server. */
const serverPid = command("echo $PPID");
const onLinux = test.skipIf(process.platform !== "linux");

onLinux.each([
  ["codex-sdk", "ends", 0],
  ["codex-sdk", "exits", 3],
  ["a client with keepAlive: false", "native", 0],
])("a program with %s that %s takes its server with it", async (_, manner, code) => {
  const { env, cwd } = await dropIn(({ userText, lastOutput }) =>
    userText === "one" && lastOutput === undefined ? serverPid : "Done.",
  );
  const OPTIONS = JSON.stringify({ cwd, env });
  const ended = await new Promise<{ code: unknown; stdout: string }>((resolve) => {
    const options = { env: { ...process.env, OPTIONS }, timeout: 20_000 };
    execFile(process.execPath, [program, manner], options, (error, stdout) => {
      resolve({ code: error ? (error.code ?? error.signal) : 0, stdout });
    });
  });
  expect(ended.code).toBe(code);
  const pid = Number(ended.stdout);
  expect(pid).toBeGreaterThan(1);
  await waitUntil("the server has exited", () => !isRunning(pid));
});

onLinux("a server that dies fails its run, and another continues the thread", async () => {
  const gate = new Gate();
  const { thread, model } = await dropIn([serverPid, text(["Hel", gate, "lo"]), "Again."]);
  const conversation = thread({ sandboxMode: "danger-full-access" });
  const running = failureOf(
    readUntil(conversation, gate.reached, (pid) => process.kill(pid, "SIGKILL")),
  );
  expect((await running).message).toMatch(/^Codex Exec exited with signal SIGKILL: /);
  expect((await conversation.run("Again?")).finalResponse).toBe("Again.");
  expect(model.requests).toHaveLength(3);
});

test("an unused thread is unloaded, and the next run loads it again", async () => {
  const { codex, cwd, env } = await dropIn(["One.", "Two.", "Three."]);
  const client = codex();
  const thread = client.startThread({ workingDirectory: cwd });
  await thread.run("one");
  const loaded = async () => {
    const ids: string[] = [];
    for await (const id of client.native().loadedThreads()) ids.push(id);
    return ids;
  };
  expect(await loaded()).toEqual([thread.id]);
  while ((await loaded()).length > 0) await new Promise((resolve) => setTimeout(resolve, 50));
  const elsewhere = codex({ env }).resumeThread(String(thread.id), { workingDirectory: cwd });
  expect((await elsewhere.run("two")).finalResponse).toBe("Two.");
  await elsewhere.run("three");
});

test("a thread whose turn is aborted before it has started is unloaded, too", async () => {
  const { codex, cwd } = await dropIn(["One."]);
  const client = codex();
  const controller = new AbortController();
  const { signal } = controller;
  const { events } = await client
    .startThread({ workingDirectory: cwd })
    .runStreamed("one", { signal });
  expect((await events.next()).value).toMatchObject({ type: "thread.started" });
  controller.abort();
  await expect(events.next()).rejects.toMatchObject({ name: "AbortError" });
  const loaded = async () => {
    for await (const _ of client.native().loadedThreads()) return true;
    return false;
  };
  while (await loaded()) await new Promise((resolve) => setTimeout(resolve, 50));
});

test("runs with other settings load the thread again", async () => {
  const { codex, cwd, model } = await dropIn(["One.", "Two.", "Three."]);
  const client = codex();
  const first = client.startThread({ workingDirectory: cwd, modelReasoningEffort: "low" });
  await first.run("one");
  const others = { workingDirectory: cwd, modelReasoningEffort: "high" } as const;
  await client.resumeThread(String(first.id), others).run("two");
  await first.run("three");
  const efforts = model.requests.map(({ body }) => (body.reasoning as { effort: string }).effort);
  expect(efforts).toEqual(["low", "high", "low"]);
});

test("native() returns the thread of the client, whose turns can ask for approval", async () => {
  const asked: string[] = [];
  const { codex, cwd, model } = await dropIn([
    "One.",
    command("echo yes", { escalate: "Let me." }),
    "Two.",
    "Three.",
  ]);
  const client = codex({
    native: {
      approvals: {
        command: ({ command: line }) => {
          asked.push(String(line));
          return "accept";
        },
      },
    },
  });
  const thread = client.startThread({ workingDirectory: cwd });
  await thread.run("one");
  const native = await thread.native();
  expect(native.id).toBe(thread.id);
  const { text: answer } = await native.run("two", { approvalPolicy: "on-request" });
  expect(answer).toBe("Two.");
  expect(asked).toHaveLength(1);
  expect((await thread.run("three")).finalResponse).toBe("Three.");
  expect(model.requests.at(-1)?.lastOutput).toBeUndefined();
});

test("native() starts a thread that has none", async () => {
  const { thread } = await dropIn(["One."]);
  const conversation = thread();
  const [native, same] = await Promise.all([conversation.native(), conversation.native()]);
  expect(same).toBe(native);
  expect(conversation.id).toBe(native.id);
  expect((await conversation.run("one")).finalResponse).toBe("One.");
});

test("native() returns a thread with the sandbox of its options, even if the server can't change settings", async () => {
  const { thread, model } = await dropIn(["One."]);
  const missing = new MethodNotFoundError("thread/settings/update", {
    code: -32601,
    message: "Method not found",
  });
  using _ = vi.spyOn(NativeThread.prototype, "updateSettings").mockRejectedValueOnce(missing);
  const native = await thread({ sandboxMode: "workspace-write" }).native();
  await native.run("one");
  expect(JSON.stringify(model.requests.at(-1)?.input)).toContain("`workspace-write`");
});

test("a thread that native() keeps loaded can't be run with a different sandbox", async () => {
  const { codex, cwd, model } = await dropIn(["One.", command("touch written"), "Two."]);
  const client = codex();
  const wide = client.startThread({ workingDirectory: cwd, sandboxMode: "danger-full-access" });
  await wide.run("one");
  await wide.native();
  const readOnly = { workingDirectory: cwd, sandboxMode: "read-only" } as const;
  const narrow = client.resumeThread(String(wide.id), readOnly);
  const message = /^Codex Exec exited with code 1: Thread \S+ stays loaded with the options/;
  expect((await failureOf(narrow.run("two"))).message).toMatch(message);
  expect((await failureOf(narrow.native())).message).toMatch(message);
  expect(existsSync(join(cwd, "written"))).toBe(false);
  expect(model.requests).toHaveLength(1);
  await wide.run("two");
  expect(existsSync(join(cwd, "written"))).toBe(true);
});

/** Reads a run; when `reached` resolves, calls `then` with the output of its first command. */
async function readUntil(
  thread: Thread,
  reached: Promise<void>,
  then: (pid: number) => void,
): Promise<void> {
  for await (const event of (await thread.runStreamed("go")).events) {
    if (event.type !== "item.completed" || event.item.type !== "command_execution") continue;
    const pid = Number(event.item.aggregated_output);
    void reached.then(() => then(pid));
  }
}
