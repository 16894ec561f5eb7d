import { join, sep } from "node:path";
import { describe, expect, it } from "vitest";
import type { ThreadResumeOptions } from "../../../src/index.ts";
import { FakeAppServer } from "../../../src/testing/index.ts";
import { failureOf } from "../../support/e2e.ts";
import { fakeClient, turnCompleted } from "../../support/fake.ts";

const METHOD = "thread/settings/update";
const UNKNOWN: [number, string] = [-32601, "Method not found"];
const FORBIDDEN: [number, string] = [-32600, "The administrator doesn't allow it"];

/** Resumes a thread that has the settings of the answer, on a server that may refuse to change them. */
async function resumed(
  options: ThreadResumeOptions,
  answer: object,
  refusal?: readonly [code: number, message: string],
) {
  const server = new FakeAppServer();
  server.answer("thread/resume", () => ({
    ...{ thread: { id: "t1", status: { type: "idle" } }, approvalPolicy: "on-request" },
    ...{ sandbox: { type: "readOnly" }, activePermissionProfile: null },
    ...answer,
  }));
  if (refusal) server.answer(METHOD, (_, request) => request.fail(...refusal));
  const { codex } = fakeClient({ transport: server.endpoint, retryOnOverload: false });
  const failure = await codex.threadResume("t1", options).then(
    () => undefined,
    ({ message }: Error) => message,
  );
  const updates = server.received.filter(({ method }) => method === METHOD);
  return { codex, server, failure, updates: updates.map(({ params }) => params) };
}

const WORKSPACE = { type: "workspaceWrite", writableRoots: ["/memories"], networkAccess: false };
const INNER = import.meta.dirname;
const A = join(INNER, "..");
const [B, C] = [join(A, "..", "e2e"), join(A, "..", "support")];
const IN_A = { sandbox: WORKSPACE, cwd: A, runtimeWorkspaceRoots: [A, B] };
const NO_NETWORK = { "sandbox_workspace_write.network_access": false };

describe("options of a thread that is already loaded", () => {
  it.each<[ThreadResumeOptions, object, object]>([
    [{ approvalPolicy: "untrusted" }, {}, { approvalPolicy: "untrusted" }],
    [{ config: { approval_policy: "never" } }, {}, { approvalPolicy: "never" }],
    [
      { approvalsReviewer: "user" },
      { approvalsReviewer: "auto_review" },
      { approvalsReviewer: "user" },
    ],
    [{ permissions: "mine" }, {}, { permissions: "mine" }],
    [{ cwd: "/" }, { cwd: "/tmp" }, { cwd: "/" }],
    [
      { config: NO_NETWORK },
      { sandbox: { ...WORKSPACE, networkAccess: true } },
      { sandboxPolicy: { type: "workspaceWrite", networkAccess: false } },
    ],
    [
      {
        sandbox: "workspace-write",
        config: { sandbox_workspace_write: { exclude_slash_tmp: true } },
      },
      { sandbox: { ...WORKSPACE, writableRoots: [] } },
      { sandboxPolicy: { type: "workspaceWrite", excludeSlashTmp: true } },
    ],
    [
      { sandbox: "read-only" },
      { sandbox: { type: "readOnly", networkAccess: true } },
      { sandboxPolicy: { type: "readOnly", networkAccess: false } },
    ],
    [
      { sandbox: "danger-full-access" },
      { activePermissionProfile: { id: "mine" }, sandbox: { type: "dangerFullAccess" } },
      { sandboxPolicy: { type: "dangerFullAccess" } },
    ],
  ])("are set if the answer differs: %o", async (options, answer, update) => {
    const { updates, failure } = await resumed(options, answer);
    expect(failure).toBeUndefined();
    expect(updates).toMatchObject([{ threadId: "t1", ...update }]);
  });

  it.each<[ThreadResumeOptions, object]>([
    [{}, { sandbox: { type: "dangerFullAccess" }, cwd: "/tmp" }],
    [{ sandbox: "read-only", approvalPolicy: "on-request", cwd: "/tmp/" }, { cwd: "/tmp" }],
    [{ sandbox: "read-only" }, { sandbox: undefined }],
    [{ permissions: ":read-only" }, { activePermissionProfile: { id: ":read-only" } }],
    [{ config: NO_NETWORK }, {}],
    [{ config: NO_NETWORK }, { sandbox: WORKSPACE, activePermissionProfile: { id: "mine" } }],
    [{ runtimeWorkspaceRoots: [`${B}${sep}`, `${C}${sep}..${sep}unit`] }, IN_A],
    [{ runtimeWorkspaceRoots: ["/"] }, IN_A],
    [{ runtimeWorkspaceRoots: [] }, { ...IN_A, sandbox: { type: "dangerFullAccess" } }],
    [
      { approvalPolicy: { granular: { rules: true } } as never },
      { approvalPolicy: { granular: { rules: true, skill_approval: false } } },
    ],
  ])("aren't set if the answer has or omits them: %o", async (options, answer) => {
    expect(await resumed(options, answer)).toMatchObject({ failure: undefined, updates: [] });
  });

  it.each<[ThreadResumeOptions, object]>([
    [{ approvalPolicy: "untrusted" }, {}],
    [{ sandbox: "read-only" }, { sandbox: WORKSPACE }],
    [{ sandbox: "workspace-write" }, { sandbox: { ...WORKSPACE, networkAccess: true } }],
    [{ sandbox: "workspace-write" }, { sandbox: { type: "other" } }],
    [{ permissions: "mine" }, { activePermissionProfile: { id: "other" } }],
    [{ approvalsReviewer: "user" }, { approvalsReviewer: "auto_review" }],
    [{ cwd: INNER }, IN_A],
    [
      { cwd: INNER, sandbox: "workspace-write" },
      { ...IN_A, activePermissionProfile: { id: "mine" } },
    ],
  ])("aren't wider than asked, if the server can't change them: %o", async (options, answer) => {
    const { failure } = await resumed(options, answer, UNKNOWN);
    expect(failure).toContain("already loaded with wider settings");
    expect((await resumed(options, answer, FORBIDDEN)).failure).toContain(FORBIDDEN[1]);
  });

  it.each<[ThreadResumeOptions, object]>([
    [{ approvalPolicy: "never" }, {}],
    [{ sandbox: "danger-full-access" }, {}],
    [{ sandbox: "workspace-write" }, { sandbox: WORKSPACE }],
    [{ cwd: "/" }, { cwd: "/tmp" }],
    [{ cwd: "/" }, IN_A],
    [{ cwd: B }, { ...IN_A, sandbox: { type: "dangerFullAccess" } }],
    [{ approvalsReviewer: "auto_review" }, { approvalsReviewer: "user" }],
  ])(
    "may be narrower than asked, if the server doesn't change them: %o",
    async (options, answer) => {
      for (const refusal of [UNKNOWN, FORBIDDEN]) {
        expect((await resumed(options, answer, refusal)).failure).toBeUndefined();
      }
    },
  );

  it.each<[ThreadResumeOptions, object]>([
    [{ runtimeWorkspaceRoots: [A] }, IN_A],
    [{ runtimeWorkspaceRoots: [A, `${B}b`] }, IN_A],
    [{ runtimeWorkspaceRoots: [C], cwd: C }, IN_A],
    [{ runtimeWorkspaceRoots: [A], sandbox: "workspace-write" }, IN_A],
    [{ runtimeWorkspaceRoots: [A] }, { ...IN_A, activePermissionProfile: { id: "mine" } }],
  ])("can't change the roots: %o", async (options, answer) => {
    const { failure, updates } = await resumed(options, answer);
    expect(failure).toContain("already loaded with wider settings (runtimeWorkspaceRoots)");
    expect(updates).toEqual([]);
  });

  it("change the roots with the directory", async () => {
    const options = { runtimeWorkspaceRoots: [B, C], cwd: C };
    const { failure, updates } = await resumed(options, IN_A);
    expect(failure).toBeUndefined();
    expect(updates).toMatchObject([{ cwd: C }]);
  });

  it.each<[ThreadResumeOptions, object]>([
    [{ cwd: "/" }, { cwd: "/" }],
    [
      { cwd: "/", sandbox: "danger-full-access" },
      { cwd: "/", sandboxPolicy: { type: "dangerFullAccess" } },
    ],
  ])(
    "are set with the next turn, if the server can't change them before: %o",
    async (options, sent) => {
      const { codex, server, failure } = await resumed(options, { cwd: "/tmp" }, UNKNOWN);
      expect(failure).toBeUndefined();
      let turns = 0;
      server.answer("turn/start", () => {
        const turnId = `turn-${++turns}`;
        queueMicrotask(() => server.notify(...turnCompleted("t1", turnId)));
        return { turn: { id: turnId, status: "inProgress", items: [] } };
      });
      const thread = await codex.threadResume("t1");
      await thread.run("first", { cwd: "/usr" });
      await codex.threadResume("t1", options);
      await thread.run("second");
      await thread.run("third");
      const starts = server.received.filter(({ method }) => method === "turn/start");
      const [first, second, third] = starts.map(({ params }) => params);
      expect(first).toMatchObject({ ...sent, cwd: "/usr" });
      expect(second).toMatchObject(sent);
      expect(third).not.toHaveProperty("cwd");
    },
  );

  it("aren't taken as set if the server is too busy to change them", async () => {
    const { failure } = await resumed({ cwd: "/" }, { cwd: "/tmp" }, [-32001, "Server overloaded"]);
    expect(failure).toContain("overloaded");
  });

  it("aren't taken as set if the connection is lost", async () => {
    const server = new FakeAppServer();
    server.answer("thread/resume", () => ({
      ...{ thread: { id: "t1", status: { type: "idle" } }, sandbox: { type: "dangerFullAccess" } },
    }));
    server.answer(METHOD, () => server.disconnect());
    const { codex } = fakeClient({ transport: server.endpoint, reconnect: false });
    await failureOf(codex.threadResume("t1", { sandbox: "read-only" }));
  });
});
