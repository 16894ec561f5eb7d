import { describe, expect, it } from "vitest";
import type { Codex, Thread, ThreadStartOptions } from "../../../src/index.ts";
import type { SandboxPolicy } from "../../../src/protocol/index.ts";
import { nextOf } from "../../support/e2e.ts";
import { startRelay } from "../../support/relay.ts";
import { reconnected, type Served, startServed } from "../../support/served.ts";

const READ_ONLY: SandboxPolicy = { type: "readOnly", networkAccess: false };
const WORKSPACE: SandboxPolicy = {
  type: "workspaceWrite",
  writableRoots: ["/srv/only-this"],
  networkAccess: false,
  excludeTmpdirEnvVar: true,
  excludeSlashTmp: true,
};
const FULL_ACCESS = { sandbox: "danger-full-access", approvalPolicy: "never" } as const;

interface Case {
  readonly name: string;
  readonly started: ThreadStartOptions;
  readonly narrow: (thread: Thread, codex: Codex, served: Served) => Promise<unknown>;
  readonly sandbox: unknown;
  readonly approvalPolicy: string;
}

const CASES: readonly Case[] = [
  {
    name: "a turn's sandbox",
    started: FULL_ACCESS,
    narrow: (thread) => thread.run("Look.", { sandbox: "read-only", approvalPolicy: "on-request" }),
    sandbox: READ_ONLY,
    approvalPolicy: "on-request",
  },
  {
    name: "a turn's sandboxPolicy, with all its members",
    started: {
      ...FULL_ACCESS,
      config: { "sandbox_workspace_write.network_access": true, model_reasoning_effort: "low" },
    },
    narrow: (thread) => thread.run("Look.", { sandboxPolicy: WORKSPACE }),
    sandbox: WORKSPACE,
    approvalPolicy: "never",
  },
  {
    name: "a turn's profile of permissions",
    started: FULL_ACCESS,
    narrow: (thread) => thread.run("Look.", { permissions: ":read-only" }),
    sandbox: READ_ONLY,
    approvalPolicy: "never",
  },
  {
    name: "the settings of updateSettings(), instead of those in config",
    started: { config: { sandbox_mode: "danger-full-access", approval_policy: "never" } },
    narrow: (thread) =>
      thread.updateSettings({ sandboxPolicy: READ_ONLY, approvalPolicy: "untrusted" }),
    sandbox: READ_ONLY,
    approvalPolicy: "untrusted",
  },
  {
    name: "another client's settings",
    started: FULL_ACCESS,
    narrow: async (thread, codex, served) => {
      const other = served.client();
      const settings = { sandboxPolicy: READ_ONLY, approvalPolicy: "on-request" } as const;
      const notified = nextOf(codex, "thread/settings/updated");
      await (await other.threadResume(thread.id)).updateSettings(settings);
      await notified;
      await other.close();
    },
    sandbox: READ_ONLY,
    approvalPolicy: "on-request",
  },
];

describe("after a lost connection, a thread has its last settings, not the ones that it was started with", () => {
  it.each(CASES)("$name", async ({ started, narrow, sandbox, approvalPolicy }) => {
    await using served = await startServed(() => "done");
    await using relay = await startRelay(served.port);
    const codex = served.client({ onWarning: () => {} }, relay.port);
    const thread = await codex.threadStart(started);
    await thread.run("Change everything.");
    await narrow(thread, codex, served);
    // Without a subscriber, the server unloads the thread.
    const back = reconnected(codex);
    relay.cut();
    await back;
    await thread.run("Continue.");
    const params = { threadId: thread.id, excludeTurns: true };
    const now = await codex.request("thread/resume", params);
    expect(now).toMatchObject({ sandbox, approvalPolicy });
  });
});
