import { describe, expect, test } from "vitest";
import { mergeEnvironment, serverEnvironment } from "../../../src/process/environment.ts";

test("Windows: an override replaces the variable of any case", () => {
  const base = { Path: "old", Other: "kept" };
  expect(mergeEnvironment(base, { PATH: "new" }, "win32")).toEqual({ PATH: "new", Other: "kept" });
  expect(mergeEnvironment(base, { PATH: "new" }, "linux")).toEqual({ ...base, PATH: "new" });
});

describe("the environment of a server", () => {
  const ofEnclosing = {
    CODEX_INTERNAL_ORIGINATOR_OVERRIDE: "another_program",
    CODEX_SANDBOX: "seatbelt",
    CODEX_SANDBOX_NETWORK_DISABLED: "1",
    CODEX_NETWORK_PROXY_ACTIVE: "1",
    CODEX_THREAD_ID: "t",
    CODEX_SESSION_ID: "s",
    CODEX_TOOL_CALL_ID: "c",
    CODEX_CI: "1",
    CODEX_VERSION: "0.1.0",
    CODEX_MANAGED_BY_NPM: "1",
    CODEX_MANAGED_PACKAGE_ROOT: "/p",
    CODEX_CONFIG_SECRET_1: "",
  };
  const own = {
    PATH: "/bin",
    CODEX_HOME: "/h",
    CODEX_API_KEY: "k",
    CODEX_ACCESS_TOKEN: "a",
    CODEX_CA_CERTIFICATE: "/c",
    CODEX_APP_SERVER_DISABLE_MANAGED_CONFIG: "1",
    CODEX_CITY: "Rome",
  };

  test("has none of an enclosing Codex's variables, and all others of this process", () => {
    expect(serverEnvironment({}, { ...own, ...ofEnclosing })).toEqual(own);
    expect(serverEnvironment({}, { codex_thread_id: "t" }, "win32")).toEqual({});
    expect(serverEnvironment({}, { codex_thread_id: "t" }, "linux")).not.toEqual({});
  });

  test("doesn't trace the programs that the agent starts, unless env asks for it", () => {
    const traced = { ...own, CODEX_APP_SERVER_TRACE: "run.jsonl" };
    expect(serverEnvironment({}, traced)).toEqual(own);
    const env = { CODEX_APP_SERVER_TRACE: "theirs.jsonl" };
    expect(serverEnvironment(env, traced)).toEqual({ ...own, ...env });
  });

  test("has what the option sets", () => {
    const env = { CODEX_SANDBOX: "mine", PATH: undefined };
    const result = serverEnvironment(env, { ...own, ...ofEnclosing });
    expect(result).toEqual({ ...own, ...env });
  });
});
