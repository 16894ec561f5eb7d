import { describe, expect, it } from "vitest";
import { RequestTimeoutError, type ThreadStartOptions } from "../../../src/index.ts";
import type { FakeRequest } from "../../../src/testing/index.ts";
import { failureOf } from "../../support/e2e.ts";
import { fakeClient, turnCompleted, turnStarted } from "../../support/fake.ts";

const WRITABLE = { cwd: process.cwd(), sandbox: "workspace-write" } as const;
const POLICY = {
  type: "workspaceWrite",
  writableRoots: [],
  networkAccess: false,
  excludeTmpdirEnvVar: false,
  excludeSlashTmp: false,
};

type Server = ReturnType<typeof fakeClient>["server"];

/** The request that sets a thread's sandbox, not yet answered. */
function setting(server: Server): Promise<FakeRequest> {
  return new Promise((resolve) => {
    server.answer("thread/settings/update", (_, request) => resolve(request));
  });
}

const methods = ({ received }: Server) =>
  received.map(({ method }) => method).filter((method) => method !== "initialized");

/** Answers `turn/start`, and ends the turn. Resolves with its params. */
async function runTurn(server: Server, id: string) {
  const request = await server.request("turn/start");
  request.respond({ turn: { id, status: "inProgress", items: [] } });
  server.notify(...turnStarted("t1", id));
  server.notify(...turnCompleted("t1", id));
  return request.params;
}

describe("a thread that names its directory and may write", () => {
  it("starts read-only, and has its sandbox when the caller gets it", async () => {
    const { server, codex } = fakeClient();
    const held = setting(server);
    const starting = codex.threadStart(WRITABLE);
    const request = await held;
    expect(request.params).toEqual({ threadId: "t1", sandboxPolicy: POLICY });
    request.respond({});
    await starting;
    const started = server.received.find(({ method }) => method === "thread/start");
    expect(started?.params).toMatchObject({ cwd: WRITABLE.cwd, sandbox: "read-only" });
    expect(methods(server).slice(1)).toEqual([
      "config/read",
      "thread/start",
      "thread/settings/update",
    ]);
    await codex.close();
  });

  it("needs one request without a directory, or if it is read-only", async () => {
    const { server, codex } = fakeClient();
    await codex.threadStart({ sandbox: "workspace-write" });
    await codex.threadStart({ ...WRITABLE, sandbox: "read-only" });
    expect(methods(server).slice(1)).toEqual(["thread/start", "thread/start"]);
    await codex.close();
  });

  it("is refused before anything is sent if the sandbox doesn't exist", async () => {
    const { server, codex } = fakeClient();
    const starting = codex.threadStart({ ...WRITABLE, sandbox: "workspace" as "read-only" });
    await expect(starting).rejects.toThrow(
      'sandbox must be one of "read-only", "workspace-write", "danger-full-access", not "workspace"',
    );
    expect(server.received).toEqual([]);
    await codex.close();
  });

  it("gets its sandbox with its turns if the server can't change settings, until one sets another", async () => {
    const { server, codex } = fakeClient();
    server.answer("config/read", (_, request) => request.fail(-32601, "Method not found"));
    const held = setting(server);
    const starting = codex.threadStart(WRITABLE);
    (await held).fail(-32601, "Method not found");
    const thread = await starting;
    const first = thread.run("one");
    expect(await runTurn(server, "u1")).toMatchObject({ sandboxPolicy: POLICY });
    await first;
    const second = thread.run("two", { sandbox: "read-only" });
    expect(await runTurn(server, "u2")).toMatchObject({ sandboxPolicy: { type: "readOnly" } });
    await second;
    const third = thread.run("three");
    expect(await runTurn(server, "u3")).not.toHaveProperty("sandboxPolicy");
    await third;
    await codex.close();
  });

  it("keeps the sandbox that another request has set, if the server can't change settings", async () => {
    const { server, codex } = fakeClient();
    server.answer("thread/settings/update", (_, request) =>
      request.fail(-32601, "Method not found"),
    );
    const starting = codex.threadStart(WRITABLE);
    const thread = await starting;
    server.answer("thread/read", () => ({ thread: { id: "t1", status: { type: "idle" } } }));
    const raw = codex.request("turn/start", {
      threadId: "t1",
      input: [],
      sandboxPolicy: { type: "readOnly", networkAccess: false },
    });
    await runTurn(server, "u1");
    await raw;
    const next = thread.run("next");
    expect(await runTurn(server, "u2")).not.toHaveProperty("sandboxPolicy");
    await next;
    await codex.close();
  });

  it("needs no configuration if its own options set all of the sandbox", async () => {
    const { server, codex } = fakeClient();
    await codex.threadStart({ cwd: WRITABLE.cwd, permissions: "mine" });
    await codex.threadStart({ cwd: WRITABLE.cwd, sandbox: "danger-full-access" });
    expect(methods(server)).not.toContain("config/read");
    await codex.close();
  });

  it("starts with a sandbox in its own config even if the user's configuration is faulty", async () => {
    const { server, codex } = fakeClient();
    server.answer("config/read", (_, request) => request.fail(-32603, "no default_permissions"));
    await codex.threadStart({ cwd: WRITABLE.cwd, config: { default_permissions: "mine" } });
    const update = server.received.find(({ method }) => method === "thread/settings/update");
    expect(update?.params).toMatchObject({ permissions: "mine" });
    await codex.close();
  });

  const SAFE = { profile: "safe", profiles: { safe: { sandbox_mode: "read-only" } } };
  const FULL = { sandbox_mode: "danger-full-access" };

  it.each<[what: string, user: object, thread: ThreadStartOptions["config"]]>([
    ["in the user's configuration", { ...SAFE, ...FULL }, {}],
    ["that the thread selects", { profiles: SAFE.profiles, ...FULL }, { profile: "safe" }],
    ["that the thread defines", { profile: "safe", ...FULL }, { profiles: SAFE.profiles }],
    [
      "that the thread defines with a path",
      { profile: "safe", ...FULL },
      { "profiles.safe.sandbox_mode": "read-only" },
    ],
    ["that is narrower than the thread's config", SAFE, FULL],
    ["that is narrower than a permissions profile", SAFE, { default_permissions: ":workspace" }],
  ])("has the sandbox of a legacy profile %s", async (_, user, config) => {
    const { server, codex } = fakeClient();
    server.answer("config/read", () => ({ config: user }));
    await codex.threadStart({ cwd: WRITABLE.cwd, config });
    expect(methods(server)).not.toContain("thread/settings/update");
    await codex.close();
  });

  it.each<[user: object, policy: object]>([
    [{ default_permissions: ":workspace" }, POLICY],
    [{ default_permissions: ":danger-full-access" }, { type: "dangerFullAccess" }],
  ])(
    "gets the policy of %o if the client can't set a permissions profile",
    async (user, policy) => {
      const { server, codex } = fakeClient({ experimentalApi: false });
      server.answer("config/read", () => ({ config: user }));
      server.answer("thread/settings/update", (_, request) =>
        request.fail(-32600, "thread/settings/update requires experimentalApi capability"),
      );
      const thread = await codex.threadStart({ cwd: WRITABLE.cwd });
      const run = thread.run("one");
      const params = await runTurn(server, "u1");
      expect(params).toMatchObject({ sandboxPolicy: policy });
      expect(params).not.toHaveProperty("permissions");
      await run;
      await codex.close();
    },
  );

  it("is refused if the client can't set its permissions profile, and no policy describes that", async () => {
    const { server, codex } = fakeClient({ experimentalApi: false });
    server.answer("config/read", () => ({ config: { default_permissions: "mine" } }));
    server.answer("thread/settings/update", (_, request) =>
      request.fail(-32600, "thread/settings/update requires experimentalApi capability"),
    );
    const failing = failureOf(codex.threadStart({ cwd: WRITABLE.cwd }));
    expect((await failing).message).toContain("can't use the permissions profile mine");
    await server.request("thread/unsubscribe");
    await codex.close();
  });

  it("is refused if its options name both a sandbox and a profile", async () => {
    const { server, codex } = fakeClient();
    const starting = codex.threadStart({ ...WRITABLE, permissions: ":danger-full-access" });
    await expect(starting).rejects.toThrow("Set sandbox or permissions, not both");
    expect(methods(server)).not.toContain("thread/start");
    await codex.close();
  });

  it("isn't kept if the server refuses the sandbox", async () => {
    const { server, codex } = fakeClient();
    const held = setting(server);
    const failing = failureOf(codex.threadStart(WRITABLE));
    (await held).fail(-32600, "not allowed here");
    expect((await failing).message).toContain("not allowed here");
    await server.request("thread/unsubscribe");
    await codex.close();
  });

  it("isn't kept if the time limit ends while the sandbox is set", async () => {
    const { server, codex } = fakeClient();
    const held = setting(server);
    const failing = failureOf(codex.threadStart({ ...WRITABLE, timeoutMs: 200 }));
    await held;
    expect(await failing).toBeInstanceOf(RequestTimeoutError);
    await server.request("thread/unsubscribe");
    await codex.close();
  });
});
