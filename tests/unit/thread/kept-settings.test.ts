import { describe, expect, it } from "vitest";
import { inEnvironments } from "../../../src/thread/environments.ts";
import {
  changedBy,
  forkedFrom,
  keptSettings,
  reportedBy,
} from "../../../src/thread/kept-settings.ts";

const WORKSPACE = {
  type: "workspaceWrite",
  writableRoots: ["/a"],
  networkAccess: false,
  excludeTmpdirEnvVar: true,
  excludeSlashTmp: false,
};
const IN_CONFIG = {
  writable_roots: ["/a"],
  network_access: false,
  exclude_tmpdir_env_var: true,
  exclude_slash_tmp: false,
};

describe("the settings that a thread is resumed with", () => {
  it("are those of its start that can be set again", () => {
    const options = { sandbox: "read-only", model: undefined, ephemeral: true, tools: [] };
    expect(keptSettings(options)).toEqual({ sandbox: "read-only" });
  });

  it("have the policy of a turn, instead of a mode, a profile or settings of the workspace", () => {
    const config = { "sandbox_workspace_write.network_access": true, sandbox_mode: "x", a: 1 };
    const kept = { permissions: ":workspace", config };
    expect(changedBy(kept, { sandboxPolicy: WORKSPACE, approvalPolicy: null })).toEqual({
      sandbox: "workspace-write",
      config: { sandbox_mode: "x", a: 1, sandbox_workspace_write: IN_CONFIG },
    });
    expect(changedBy({ sandbox: "danger-full-access" }, { permissions: ":read-only" })).toEqual({
      permissions: ":read-only",
    });
  });

  it("have no mode that is wider than a policy without a mode", () => {
    const kept = { sandbox: "danger-full-access", permissions: undefined };
    const sandboxPolicy = { type: "externalSandbox", networkAccess: "restricted" };
    expect(changedBy(kept, { sandboxPolicy })).toEqual({});
  });

  it("have no directory that is relative to another one", () => {
    expect(changedBy({ cwd: "/a" }, { cwd: "b" })).toEqual({ cwd: "/a" });
    expect(changedBy({ cwd: "/a" }, { cwd: "/b" })).toEqual({ cwd: "/b" });
  });

  it("have roots that follow the directory, unless a request names others", () => {
    const kept = { cwd: "/a", runtimeWorkspaceRoots: ["/a", "/b"] };
    expect(changedBy(kept, { cwd: "/c" }).runtimeWorkspaceRoots).toEqual(["/c", "/b"]);
    expect(changedBy(kept, { cwd: "/b" }).runtimeWorkspaceRoots).toEqual(["/b"]);
    expect(reportedBy(kept, { cwd: "/c" }).runtimeWorkspaceRoots).toEqual(["/c", "/b"]);
    expect(reportedBy(kept, { cwd: "/a" }).runtimeWorkspaceRoots).toEqual(["/a", "/b"]);
    const both = { cwd: "/c", runtimeWorkspaceRoots: ["/a"] };
    expect(changedBy(kept, both)).toEqual(both);
    const { cwd: _, ...withoutDirectory } = kept;
    expect(changedBy(withoutDirectory, { cwd: "/c" })).toEqual({ cwd: "/c" });
    expect(forkedFrom(kept, { cwd: "/c" })).toEqual({
      cwd: "/c",
      runtimeWorkspaceRoots: ["/c", "/b"],
    });
    expect(forkedFrom(kept, {})).toEqual(kept);
  });

  it("follow what the server reports, but only where the program has set something", () => {
    const reported = {
      ...{ approvalPolicy: "on-request", approvalsReviewer: "user", cwd: "/c", model: "m" },
      ...{ sandboxPolicy: WORKSPACE, activePermissionProfile: null, environments: null },
    };
    expect(reportedBy({}, reported)).toEqual({});
    expect(reportedBy({ approvalPolicy: "never", config: { a: 1 } }, reported)).toEqual({
      approvalPolicy: "on-request",
      config: { a: 1 },
    });
    const config = { approvals_reviewer: "auto_review", sandbox_mode: "danger-full-access" };
    expect(reportedBy({ config }, reported)).toEqual({
      approvalsReviewer: "user",
      sandbox: "workspace-write",
      config: { ...config, sandbox_workspace_write: IN_CONFIG },
    });
    const profile = { ...reported, activePermissionProfile: { id: ":read-only" } };
    expect(reportedBy({ sandbox: "workspace-write" }, profile)).toEqual({
      permissions: ":read-only",
    });
  });
});

describe("a permissions profile that config selects", () => {
  const kept = { config: { default_permissions: ":workspace" } };

  it("stays there, because without the experimental API no request takes it elsewhere", () => {
    const activePermissionProfile = { id: ":workspace", extends: null };
    expect(reportedBy(kept, { sandboxPolicy: WORKSPACE, activePermissionProfile })).toEqual(kept);
  });

  it("is replaced when the server reports another one", () => {
    const activePermissionProfile = { id: ":read-only", extends: null };
    const sandboxPolicy = { type: "readOnly", networkAccess: false };
    expect(reportedBy(kept, { sandboxPolicy, activePermissionProfile })).toEqual({
      ...kept,
      permissions: ":read-only",
    });
    expect(reportedBy(kept, { sandboxPolicy, activePermissionProfile: null })).toEqual({
      ...kept,
      sandbox: "read-only",
    });
    const narrowed = { ...kept, sandbox: "read-only" };
    const back = { activePermissionProfile: { id: ":workspace", extends: null } };
    expect(reportedBy(narrowed, back)).toEqual({ ...kept, permissions: ":workspace" });
  });
});

describe("the environments of a turn", () => {
  const environments = [
    { environmentId: "box", cwd: "/work", runtimeWorkspaceRoots: ["/work"] },
    { environmentId: "local", cwd: "/" },
  ];

  it("are the thread's, with the turn's directory in the first", () => {
    expect(inEnvironments({ environments }, { cwd: "/x" })).toEqual({
      cwd: "/x",
      environments: [{ environmentId: "box", cwd: "/x" }, environments[1]],
    });
    expect(inEnvironments({ environments }, { cwd: null })).toEqual({ cwd: null, environments });
  });

  it("are none if the thread has none", () => {
    const none = { environments: [] };
    expect(inEnvironments(none, { cwd: "/x" })).toEqual({ cwd: "/x", environments: [] });
  });

  it("are the turn's own if it names some, and the server's if the program has set none", () => {
    const params = { environments: [] };
    expect(inEnvironments({ environments }, params)).toBe(params);
    const other = { cwd: "/x" };
    expect(inEnvironments({}, other)).toBe(other);
  });
});

describe("the settings of a fork", () => {
  const kept = {
    sandbox: "workspace-write",
    model: "m",
    environments: [],
    config: { sandbox_mode: "x", "a.b": 1, "a.c": 2, d: { e: 3 }, f: 4 },
  };

  it("are those of its thread, except the environments, which are selected later", () => {
    const { environments: _, ...settings } = kept;
    expect(forkedFrom(kept, { lastTurnId: "t", model: undefined })).toEqual({
      ...settings,
      lastTurnId: "t",
    });
  });

  it("replace those of the thread, one path of the configuration at a time", () => {
    expect(forkedFrom(kept, { model: "n", config: { a: { z: 0 }, "d.e": 5 } })).toEqual({
      sandbox: "workspace-write",
      model: "n",
      config: { sandbox_mode: "x", f: 4, a: { z: 0 }, "d.e": 5 },
    });
  });

  it.each<[string, object]>([
    ["a sandbox", { sandbox: "read-only" }],
    ["a profile", { permissions: ":read-only" }],
    ["a configuration", { config: { sandbox_mode: "read-only" } }],
  ])("have nothing of the thread's sandbox if they set %s", (_, params) => {
    const sent = forkedFrom(kept, params);
    expect(sent).toMatchObject(params);
    expect(JSON.stringify(sent)).not.toMatch(/workspace-write|"x"/);
  });
});

it("a fork with a legacy profile doesn't get the sandbox of its thread", () => {
  const kept = { sandbox: "danger-full-access", model: "m" };
  for (const config of [{ profile: "safe" }, { "profiles.safe.sandbox_mode": "read-only" }]) {
    expect(forkedFrom(kept, { config })).toEqual({ model: "m", config });
  }
});
