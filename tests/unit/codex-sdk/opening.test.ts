import { describe, expect, it } from "vitest";
import { openingOf } from "../../../src/codex-sdk/opening.ts";
import type { Config } from "../../../src/protocol/index.ts";

const SETTINGS = {
  cwd: "/",
  model: undefined,
  sandbox: undefined,
  networkAccess: undefined,
  workspaceRoots: undefined,
  config: {},
};

describe("a thread on an old server whose configuration selects a legacy profile", () => {
  const configured = {
    model: "general",
    sandbox_mode: "danger-full-access",
    default_permissions: ":workspace",
    profile: "safe",
    profiles: { safe: { model: "special", sandbox_mode: "read-only" } },
  } as unknown as Config;

  it("has the model and the sandbox of the profile", () => {
    const { params, sandbox } = openingOf(SETTINGS, configured);
    expect(params).toMatchObject({ model: "special", sandbox: "read-only" });
    expect(sandbox).toEqual({ sandboxPolicy: { type: "readOnly", networkAccess: false } });
  });

  it("has its own settings instead, if it has some", () => {
    const settings = { ...SETTINGS, model: "mine", sandbox: "danger-full-access" } as const;
    const { params, sandbox } = openingOf(settings, configured);
    expect(params).toMatchObject({ model: "mine" });
    expect(sandbox).toEqual({ sandboxPolicy: { type: "dangerFullAccess" } });
  });
});
