import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import {
  Codex,
  JsonRpcError,
  presets,
  type protocol,
  type Thread,
  type ThreadStartOptions,
  type TurnOptions,
  unixSocket,
} from "../../../src/index.ts";
import { procTable } from "../../../src/process/process-table.ts";
import {
  command,
  isolatedHome,
  type Rule,
  ScriptedModel,
  scriptedConfig,
  startScripted,
} from "../../../src/testing/index.ts";
import { temporaryDirectory } from "../../../src/testing/temporary-directory.ts";
import { nextOf } from "../../support/e2e.ts";
import { startRelay } from "../../support/relay.ts";
import { reconnected, startServed } from "../../support/served.ts";

const writable: protocol.SandboxPolicy = {
  type: "workspaceWrite",
  writableRoots: ["/var/tmp"],
  networkAccess: true,
  excludeTmpdirEnvVar: true,
  excludeSlashTmp: false,
};

async function restartable(options: ThreadStartOptions, script: Rule = () => "ok") {
  const scripted = await startScripted({
    script,
    restart: { maxRestarts: 3, initialDelayMs: 1 },
  });
  onTestFinished(() => scripted[Symbol.asyncDispose]());
  const { codex } = scripted;
  const thread = await codex.threadStart(options);
  await thread.run("first");
  const outputs = () => scripted.model.requests.flatMap(({ lastOutput }) => lastOutput ?? []);
  return { codex, thread, outputs };
}

/** Kills the server, and lets the new one load the thread. */
async function restart(codex: Codex, thread: Thread): Promise<void> {
  const back = reconnected(codex);
  for (const pid of procTable.children(process.pid)) process.kill(pid, "SIGKILL");
  await back;
  await thread.run("after the restart");
}

/** The settings in effect; a loaded thread isn't changed by `thread/resume`. */
async function inEffect(codex: Codex, { id }: Thread) {
  const { approvalPolicy, approvalsReviewer, model, reasoningEffort, sandbox } =
    await codex.request("thread/resume", { threadId: id, excludeTurns: true });
  return { approvalPolicy, approvalsReviewer, model, reasoningEffort, sandbox };
}

const narrowed = { approvalPolicy: "on-request", sandbox: { type: "readOnly" } };

test("a directory that a turn has left isn't writable again after a restart, or in a fork", async () => {
  await using directory = await temporaryDirectory("roots");
  const [first, second, shared] = ["first", "second", "shared"].map((name) =>
    join(directory.path, name),
  ) as [string, string, string];
  await Promise.all([first, second, shared].map((path) => mkdir(path)));
  const { codex, thread } = await restartable({
    ...presets.ask,
    cwd: first,
    runtimeWorkspaceRoots: [first, shared],
  });
  await thread.run("second", { cwd: second });
  const fork = await thread.fork();
  await restart(codex, thread);
  for (const { id } of [fork, thread]) {
    const { cwd, runtimeWorkspaceRoots: roots } = await codex.request("thread/resume", {
      threadId: id,
      excludeTurns: true,
    });
    expect({ cwd, roots }).toEqual({ cwd: second, roots: [second, shared] });
  }
});

test("a turn's narrower sandbox and approval policy stay in effect after a restart", async () => {
  const { codex, thread } = await restartable(presets.fullAccess);
  await thread.run("second", presets.readOnly);
  await restart(codex, thread);
  expect(await inEffect(codex, thread)).toMatchObject(narrowed);
});

test("settings that were updated stay in effect after a restart", async () => {
  const config = { model_reasoning_effort: "low" };
  const { codex, thread } = await restartable({ ...presets.fullAccess, config });
  const approvalPolicy: protocol.AskForApproval = "on-request";
  const sandboxPolicy: protocol.SandboxPolicy = { type: "readOnly", networkAccess: false };
  await thread.updateSettings({ approvalPolicy, sandboxPolicy, effort: "high", model: "gpt-5.4" });
  await restart(codex, thread);
  expect(await inEffect(codex, thread)).toMatchObject({
    ...narrowed,
    model: "gpt-5.4",
    reasoningEffort: "high",
  });
});

test("a narrower sandbox replaces one that the thread's config sets", async () => {
  const config = { sandbox_mode: "danger-full-access", approval_policy: "never" };
  const { codex, thread } = await restartable({ config });
  await thread.run("second", presets.readOnly);
  await restart(codex, thread);
  expect(await inEffect(codex, thread)).toMatchObject(narrowed);
});

test("the details of a turn's sandbox stay in effect after a restart", async () => {
  const config = { "sandbox_workspace_write.network_access": false };
  const { codex, thread } = await restartable({ config });
  await thread.run("second", { sandboxPolicy: writable });
  await restart(codex, thread);
  expect(await inEffect(codex, thread)).toMatchObject({ sandbox: writable });
});

test("a permission profile replaces a sandbox after a restart, and the other way round", async () => {
  const { codex, thread } = await restartable(presets.fullAccess);
  await thread.run("second", { permissions: ":workspace" });
  await restart(codex, thread);
  expect(await inEffect(codex, thread)).toMatchObject({ sandbox: { type: "workspaceWrite" } });
  await thread.run("third", presets.readOnly);
  await restart(codex, thread);
  expect(await inEffect(codex, thread)).toMatchObject(narrowed);
});

test.each([
  ["wider", presets.ask, presets.fullAccess],
  ["narrower", presets.fullAccess, presets.ask],
])(
  "%s settings with which a loaded thread is loaded again stay in effect after a restart",
  async (_name, first, second) => {
    const { codex, thread } = await restartable(first);
    await codex.threadResume(thread.id, second);
    await codex.threadResume(thread.id);
    const before = await inEffect(codex, thread);
    const type = second.sandbox === "danger-full-access" ? "dangerFullAccess" : "workspaceWrite";
    expect(before).toMatchObject({ approvalPolicy: second.approvalPolicy, sandbox: { type } });
    await restart(codex, thread);
    expect(await inEffect(codex, thread)).toEqual(before);
  },
);

test("settings that a raw request has changed stay in effect after a restart", async () => {
  const { codex, thread } = await restartable(presets.fullAccess);
  const ended = nextOf(codex, "turn/completed");
  await codex.request("turn/start", {
    threadId: thread.id,
    input: [{ type: "text", text: "second", text_elements: [] }],
    approvalPolicy: "on-request",
    sandboxPolicy: { type: "readOnly", networkAccess: false },
  });
  await ended;
  await restart(codex, thread);
  expect(await inEffect(codex, thread)).toMatchObject(narrowed);
});

const runsCommand: Rule = ({ lastOutput }) =>
  lastOutput === undefined ? command("echo it ran") : "ok";

test.each<[string, ThreadStartOptions, (thread: Thread) => Promise<unknown>]>([
  ["the thread was started with", { environments: [] }, async () => {}],
  ["a turn has selected", {}, (thread) => thread.run("second", { environments: [] })],
  ["were updated", {}, (thread) => thread.updateSettings({ environments: [] })],
])("the environments that %s stay in effect after a restart", async (_how, options, change) => {
  const { codex, thread, outputs } = await restartable(options, runsCommand);
  await change(thread);
  await restart(codex, thread);
  expect(outputs().at(-1)).toContain("No usable execution environment");
});

test("a turn in another directory doesn't give a thread without environments one", async () => {
  const { codex, thread, outputs } = await restartable({ environments: [] }, runsCommand);
  await thread.run("second", { cwd: tmpdir() });
  expect(outputs().at(-1)).toContain("No usable execution environment");
  await restart(codex, thread);
  expect(outputs().at(-1)).toContain("No usable execution environment");
});

test("what another client has changed stays in effect after a restart of a shared server", async () => {
  await using model = await ScriptedModel.start(() => "ok");
  await using home = await isolatedHome(scriptedConfig(model.url));
  await using folder = await temporaryDirectory("codex-sock-");
  const sock = join(folder.path, "s.sock");
  const start = () => Codex.serve({ listen: `unix://${sock}`, env: home.env, cwd: home.path });
  const first = await start();
  await using codex = new Codex({ transport: unixSocket(sock) });
  await using other = new Codex({ transport: unixSocket(sock) });
  const thread = await codex.threadStart(presets.fullAccess);
  await thread.run("first");
  const changed = nextOf(codex, "thread/settings/updated");
  await (await other.threadResume(thread.id)).run("second", presets.readOnly);
  await changed;
  await other.close();
  process.kill(first.pid, "SIGKILL");
  await first.exited;
  await using _ = await start();
  await thread.run("after the restart");
  expect(await inEffect(codex, thread)).toMatchObject(narrowed);
});

test("a turn's narrower sandbox stays in effect if its answer was lost and the thread was unloaded", async () => {
  await using served = await startServed(() => "ok", undefined, { thread_unload_delay_secs: 0 });
  await using relay = await startRelay(served.port);
  const codex = served.client({}, relay.port);
  const observer = served.client();
  const thread = await codex.threadStart(presets.fullAccess);
  await thread.run("first");
  await observer.connect();
  const idle = nextOf(observer, "thread/status/changed", ({ status }) => status.type === "idle");
  using _ = relay.hold();
  const turn = thread.run("second", { sandbox: "read-only" });
  await idle;
  relay.isOpen = false;
  relay.cut();
  const loaded = async () => (await observer.request("thread/loaded/list", {})).data;
  await expect.poll(loaded, { timeout: 10_000 }).toEqual([]);
  relay.isOpen = true;
  expect((await turn).text).toBe("ok");
  expect(await inEffect(codex, thread)).toMatchObject({ sandbox: { type: "readOnly" } });
});

/**
 * A thread whose next start doesn't reach the server, which unloads the thread before the client connects again.
 * `started` resolves with what the start ended with.
 */
async function unsentStart(
  base: ThreadStartOptions,
  turn: TurnOptions,
  follow: (thread: Thread) => void = () => {},
) {
  const served = await startServed(() => "ok", undefined, { thread_unload_delay_secs: 0 });
  onTestFinished(() => served[Symbol.asyncDispose]());
  const relay = await startRelay(served.port);
  onTestFinished(() => relay[Symbol.asyncDispose]());
  const codex = served.client({ onWarning: () => {} }, relay.port);
  const observer = served.client();
  const thread = await codex.threadStart(base);
  await thread.run("first");
  follow(thread);
  const loaded = async () => (await observer.request("thread/loaded/list", {})).data;
  await observer.connect();
  relay.isForwarding = false;
  const sent = relay.nextSent();
  const started = thread.run("second", turn).then(
    ({ status }) => status,
    (error: unknown) => error,
  );
  await sent;
  relay.isOpen = false;
  relay.cut();
  await expect.poll(loaded, { timeout: 10_000 }).toEqual([]);
  relay.isForwarding = true;
  const connected = reconnected(codex);
  relay.isOpen = true;
  await connected;
  return { codex, observer, thread, started };
}

test.each([
  ["permissions", { permissions: "unknown" }],
  ["an environment", { environments: [{ environmentId: "unknown", cwd: "/" }] }],
])(
  "a start with %s that the server doesn't know is refused even if it is sent again, and doesn't stay with the thread",
  async (_, settings) => {
    const { codex, thread, started } = await unsentStart(presets.readOnly, settings);
    expect(await started).toBeInstanceOf(JsonRpcError);
    expect(await started).toMatchObject({ message: expect.stringContaining("turn/start") });
    expect((await thread.run("third")).text).toBe("ok");
    expect(await inEffect(codex, thread)).toMatchObject(narrowed);
  },
);

test("a start that was aborted before it reached the server doesn't widen the thread's sandbox", async () => {
  const controller = new AbortController();
  const options = { ...presets.fullAccess, signal: controller.signal };
  const { codex, thread, started } = await unsentStart(presets.readOnly, options);
  controller.abort(new Error("enough"));
  expect(await started).toMatchObject({ message: "enough" });
  expect((await thread.run("third")).text).toBe("ok");
  expect(await inEffect(codex, thread)).toMatchObject(narrowed);
});

test("a thread whose start was aborted before it reached the server still shows other clients' turns", async () => {
  const controller = new AbortController();
  const options = { ...presets.fullAccess, signal: controller.signal };
  const seen: string[] = [];
  const follow = (thread: Thread) => thread.onTurn(({ id }) => seen.push(id));
  const { observer, thread, started } = await unsentStart(presets.readOnly, options, follow);
  controller.abort(new Error("enough"));
  expect(await started).toMatchObject({ message: "enough" });
  const { turnId } = await (await observer.threadResume(thread.id)).run("another client's");
  // The client can look for the lost start for 15 s before it subscribes again.
  await expect.poll(() => seen, { timeout: 25_000 }).toContain(turnId);
});

test.each<[string, (thread: Thread) => Promise<unknown>]>([
  ["a queued message", (thread) => thread.queue("more")],
  ["a goal", (thread) => thread.goal.set("More.", { tokenBudget: 1 })],
  ["a fork", (thread) => thread.fork()],
  ["a search for the running turn", (thread) => thread.activeTurn()],
])("%s waits until it is known whether the settings of a start are in effect", async (_, ask) => {
  const controller = new AbortController();
  const options = { ...presets.fullAccess, signal: controller.signal };
  const { codex, thread, started } = await unsentStart(presets.readOnly, options);
  controller.abort(new Error("enough"));
  const asked = await ask(thread);
  expect(await started).toMatchObject({ message: "enough" });
  expect(await inEffect(codex, thread)).toMatchObject(narrowed);
  if (asked?.constructor !== thread.constructor) return;
  expect(await inEffect(codex, asked as Thread)).toMatchObject(narrowed);
});
