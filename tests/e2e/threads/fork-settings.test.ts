import { describe, expect, it } from "vitest";
import type { Thread, ThreadForkOptions, ThreadStartOptions } from "../../../src/index.ts";
import type { SandboxPolicy } from "../../../src/protocol/index.ts";
import { startScripted } from "../../../src/testing/index.ts";
import { temporaryDirectory } from "../../../src/testing/temporary-directory.ts";

const READ_ONLY = { type: "readOnly", networkAccess: false };
const WORKSPACE: SandboxPolicy = {
  type: "workspaceWrite",
  writableRoots: ["/srv/only-this"],
  networkAccess: true,
  excludeTmpdirEnvVar: true,
  excludeSlashTmp: true,
};
const FULL_ACCESS = { sandbox: "danger-full-access", approvalPolicy: "never" } as const;

interface Case {
  readonly name: string;
  readonly started: ThreadStartOptions;
  readonly change?: (thread: Thread) => Promise<unknown>;
  readonly forked?: ThreadForkOptions;
  readonly expected: object;
}

const CASES: readonly Case[] = [
  {
    name: "by name",
    started: { sandbox: "workspace-write", approvalPolicy: "untrusted" },
    expected: { sandbox: { type: "workspaceWrite" }, approvalPolicy: "untrusted" },
  },
  {
    name: "with all details",
    started: FULL_ACCESS,
    change: (thread) => thread.updateSettings({ sandboxPolicy: WORKSPACE }),
    expected: { sandbox: WORKSPACE, approvalPolicy: "never" },
  },
  {
    name: "that a turn has narrowed",
    started: FULL_ACCESS,
    change: (thread) => thread.run("look", { sandbox: "read-only" }),
    expected: { sandbox: READ_ONLY, approvalPolicy: "never" },
  },
  {
    name: "of a profile",
    started: { permissions: ":workspace" },
    expected: { sandbox: { type: "workspaceWrite" } },
  },
  {
    name: "except those that the fork sets",
    started: { config: { sandbox_mode: "danger-full-access", model_reasoning_effort: "low" } },
    forked: { sandbox: "read-only", approvalPolicy: "untrusted" },
    expected: { sandbox: READ_ONLY, approvalPolicy: "untrusted", reasoningEffort: "low" },
  },
  {
    name: "except a profile that the fork sets",
    started: FULL_ACCESS,
    forked: { permissions: ":read-only", config: { model_reasoning_effort: "high" } },
    expected: { sandbox: READ_ONLY, approvalPolicy: "never", reasoningEffort: "high" },
  },
];

describe("a fork has the sandbox and the other settings of its thread", () => {
  it.each(CASES)("$name", async ({ started, change, forked, expected }) => {
    await using directory = await temporaryDirectory("fork-settings");
    await using test = await startScripted({ script: () => "done", onWarning: () => {} });
    const { codex } = test;
    const thread = await codex.threadStart({ ...started, cwd: directory.path });
    await thread.run("begin");
    await change?.(thread);
    const fork = await thread.fork(forked);
    await fork.run("continue");
    const params = { threadId: fork.id, excludeTurns: true };
    expect(await codex.request("thread/resume", params)).toMatchObject({
      ...expected,
      cwd: directory.path,
    });
  });
});

it("a thread with a permissions profile in its config can be forked without the experimental API", async () => {
  await using test = await startScripted({
    script: () => "done",
    experimentalApi: false,
    onWarning: () => {},
  });
  const { codex } = test;
  const thread = await codex.threadStart({ config: { default_permissions: ":workspace" } });
  await thread.run("begin");
  const fork = await thread.fork();
  await fork.run("continue");
  const { sandbox } = await codex.request("thread/resume", { threadId: fork.id });
  expect(sandbox).toMatchObject({ type: "workspaceWrite" });
});
