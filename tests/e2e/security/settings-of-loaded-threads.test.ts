import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Codex, Thread } from "../../../src/index.ts";
import { command, type Rule, startScripted } from "../../../src/testing/index.ts";
import { temporaryDirectory } from "../../../src/testing/temporary-directory.ts";
import { failureOf } from "../../support/e2e.ts";
import { startServed } from "../../support/served.ts";

const UNLIMITED = { sandbox: "danger-full-access", approvalPolicy: "never" } as const;
const NARROW = { sandbox: "read-only", approvalPolicy: "untrusted" } as const;

/** After the message "Write.", the agent creates a file. */
async function scene() {
  const directory = await temporaryDirectory("loaded-thread");
  const file = join(directory.path, "file");
  const script: Rule = ({ body, lastOutput }) =>
    lastOutput === undefined && JSON.stringify(body.input).includes('"Write."')
      ? command(`echo > '${file}'`)
      : "done";
  return {
    script,
    directory: directory.path,
    start: async (codex: Codex) => {
      const thread = await codex.threadStart(UNLIMITED);
      await thread.run("Begin.");
      return thread;
    },
    writes: async (thread: Thread) => {
      await thread.run("Write.");
      return existsSync(file);
    },
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

describe.skipIf(process.platform === "win32")("a thread that is already loaded", () => {
  it.each([NARROW, { sandbox: "read-only" }, { approvalPolicy: "untrusted" }] as const)(
    "is limited as this client resumes it: %o",
    async (options) => {
      await using at = await scene();
      await using s = await startScripted({ script: at.script, onWarning: () => {} });
      const { id } = await at.start(s.codex);
      expect(await at.writes(await s.codex.threadResume(id, options))).toBe(false);
    },
  );

  it.each([NARROW, { permissions: ":read-only" }, { config: { sandbox_mode: "read-only" } }])(
    "is limited as another client resumes it: %o",
    async (options) => {
      await using at = await scene();
      await using served = await startServed(at.script);
      const { id } = await at.start(served.client({ onWarning: () => {} }));
      const second = served.client({ onWarning: () => {} });
      expect(await at.writes(await second.threadResume(id, options))).toBe(false);
    },
  );

  it("can write only in the directory that it is resumed with", async () => {
    await using at = await scene();
    const [one, other] = [join(at.directory, "one"), join(at.directory, "other")];
    await Promise.all([mkdir(one), mkdir(other)]);
    await using s = await startScripted({ script: at.script, onWarning: () => {} });
    const sandbox = "workspace-write";
    const thread = await s.codex.threadStart({ sandbox, cwd: one });
    await thread.run("Begin.");
    await s.codex.threadResume(thread.id, { sandbox, cwd: other });
    const { cwd } = await s.codex.request("thread/resume", { threadId: thread.id });
    expect(cwd).toBe(other);
  });

  it("has the network only if the settings of its sandbox allow it", async () => {
    await using at = await scene();
    await using s = await startScripted({ script: at.script, onWarning: () => {} });
    const network = (isAllowed: boolean) => ({
      sandbox_workspace_write: { network_access: isAllowed },
    });
    const config = network(true);
    const thread = await s.codex.threadStart({ sandbox: "workspace-write", config });
    await thread.run("Begin.");
    await s.codex.threadResume(thread.id, { config: network(false) });
    const { sandbox } = await s.codex.request("thread/resume", { threadId: thread.id });
    expect(sandbox).toMatchObject({ type: "workspaceWrite", networkAccess: false });
  });

  it("isn't returned if it could write in more workspace roots", async () => {
    await using at = await scene();
    const [one, other] = [join(at.directory, "one"), join(at.directory, "other")];
    await Promise.all([mkdir(one), mkdir(other)]);
    await using served = await startServed(at.script);
    const options = { sandbox: "workspace-write", cwd: one } as const;
    const roots = { runtimeWorkspaceRoots: [one, other] };
    const first = served.client({ onWarning: () => {} });
    const thread = await first.threadStart({ ...options, ...roots });
    await thread.run("Begin.");
    const { id } = thread;
    const second = served.client({ onWarning: () => {} });
    const narrow = { ...options, runtimeWorkspaceRoots: [one] };
    const failure = await failureOf(second.threadResume(id, narrow));
    expect(failure.message).toContain("wider settings (runtimeWorkspaceRoots)");
    await second.threadResume(id, { ...narrow, sandbox: "read-only" });
    await second.threadResume(id, { ...options, ...roots });
  });

  it("isn't returned to a client that can't limit it", async () => {
    await using at = await scene();
    const options = { onWarning: () => {}, experimentalApi: false };
    await using s = await startScripted({ script: at.script, ...options });
    const { id } = await at.start(s.codex);
    const failure = await failureOf(s.codex.threadResume(id, NARROW));
    expect(failure.message).toContain("already loaded with wider settings");
    expect(await at.writes(await s.codex.threadResume(id, UNLIMITED))).toBe(true);
  });

  it("gets its sandbox with its next turn if the client can't set it before", async () => {
    await using at = await scene();
    const options = { onWarning: () => {}, experimentalApi: false };
    await using s = await startScripted({ script: at.script, ...options });
    const settings = { ...UNLIMITED, cwd: at.directory };
    const thread = await s.codex.threadStart(settings);
    await (await thread.review({ type: "custom", instructions: "Look." })).run();
    const { sandbox: _, ...others } = settings;
    const narrow = await s.codex.threadResume(thread.id, { ...others, sandbox: "read-only" });
    expect(await at.writes(narrow)).toBe(false);
    expect(await at.writes(await s.codex.threadResume(thread.id, settings))).toBe(true);
  });

  it("gets no request for settings that it already has", async () => {
    await using at = await scene();
    await using s = await startScripted({ script: at.script, onWarning: () => {} });
    const thread = await at.start(s.codex);
    const updates: unknown[] = [];
    s.codex.on("thread/settings/updated", (update) => updates.push(update));
    await s.codex.threadResume(thread.id, UNLIMITED);
    await thread.unsubscribe();
    const resumed = await s.codex.threadResume(thread.id, { ...NARROW, cwd: at.directory });
    await resumed.run("Go on.");
    expect(updates).toEqual([]);
  });
});
