import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type CodexLease, CodexPool, type CodexPoolOptions } from "../../../src/pool/index.ts";
import { FakeAppServer } from "../../../src/testing/fake-app-server.ts";
import { deferred } from "../../../src/util/deferred.ts";
import { fakePool } from "../../support/pool.ts";
import { waitUntil } from "../../support/wait-until.ts";

const nothing = () => {};

describe("use", () => {
  test("starts a tenant's server with the first use, and shares it among all", async () => {
    const { pool, started } = fakePool();
    expect(started).toEqual([]);
    const clients = await Promise.all(
      ["ada", "ada", "bob"].map((key) => pool.use(key, (it) => it)),
    );
    expect(clients[0]).toBe(clients[1]);
    expect(clients[0]).not.toBe(clients[2]);
    expect(await pool.use("ada", (codex) => codex)).toBe(clients[0]);
    expect(started).toEqual(["ada", "bob"]);
  });

  test("returns the function's result, and throws its error", async () => {
    const { pool } = fakePool();
    expect(await pool.use("ada", () => 1)).toBe(1);
    expect(await pool.use("ada", async () => "two")).toBe("two");
    const error = new Error("mine");
    await expect(pool.use("ada", () => Promise.reject(error))).rejects.toBe(error);
    const thrower = () => {
      throw error;
    };
    await expect(pool.use("ada", thrower)).rejects.toBe(error);
    expect(pool.status.tenants).toMatchObject([{ key: "ada", state: "running", uses: 0 }]);
  });

  test("refuses wrong arguments before a server is started", async () => {
    const { pool, started } = fakePool();
    const use = pool.use.bind(pool) as (...args: unknown[]) => Promise<unknown>;
    await expect(use(1, nothing)).rejects.toThrow("use: the key must be a string, not 1");
    await expect(use("ada")).rejects.toThrow("use: the second argument must be a function");
    await expect(use("ada", nothing, { timeout: 1 })).rejects.toThrow("did you mean timeoutMs?");
    await expect(use("ada", nothing, { signal: {} })).rejects.toThrow("must be an AbortSignal");
    await expect(use("ada", nothing, { timeoutMs: -1 })).rejects.toThrow("0 or more milliseconds");
    expect(started).toEqual([]);
  });
});

describe("the limit of servers", () => {
  test("makes tenants wait in order of their first call", async () => {
    const { pool, started, running } = fakePool({ maxServers: 2 });
    const leases = [await pool.get("a"), await pool.get("b")];
    const waiting = ["c", "d", "c", "e"].map((key) => pool.get(key));
    expect(pool.status).toMatchObject({ servers: 2, waiting: 3 });
    expect(pool.status.tenants.map(({ key, state, uses }) => [key, state, uses])).toEqual([
      ["a", "running", 1],
      ["b", "running", 1],
      ["c", "waiting", 2],
      ["d", "waiting", 1],
      ["e", "waiting", 1],
    ]);
    leases[1]?.release();
    const c = await waiting[0];
    expect(running).toEqual(["a", "c"]);
    leases[0]?.release();
    await waiting[1];
    expect(running).toEqual(["c", "d"]);
    c?.release();
    (await waiting[2])?.release();
    await waiting[3];
    expect(started).toEqual(["a", "b", "c", "d", "e"]);
    expect(running).toEqual(["d", "e"]);
  });

  test("stops the least recently used server, and none that is in use", async () => {
    const { pool, running } = fakePool({ maxServers: 3 });
    const lease = await pool.get("a");
    for (const key of ["b", "c", "b", "d"]) await pool.use(key, nothing);
    expect(running).toEqual(["a", "b", "d"]);
    lease.release();
    await pool.use("e", nothing);
    expect(running).toEqual(["a", "d", "e"]);
  });

  test("stops only as many servers as are needed", async () => {
    const { pool, running } = fakePool({ maxServers: 3 });
    for (const key of ["a", "b", "c"]) await pool.use(key, nothing);
    await pool.use("d", nothing);
    expect(running).toEqual(["b", "c", "d"]);
  });

  test("isn't exceeded by servers that start or stop", async () => {
    let most = 0;
    const { pool, running } = fakePool({ maxServers: 4 });
    const keys = Array.from({ length: 100 }, (_, index) => `${index % 30}`);
    await Promise.all(
      keys.map((key) =>
        pool.use(key, () => {
          most = Math.max(most, running.length, pool.status.servers);
          expect(running.filter((one) => one === key)).toEqual([key]);
        }),
      ),
    );
    expect(most).toBe(4);
  });

  test("doesn't let a tenant that can't be started hold up the others", async () => {
    const { pool, running } = fakePool({ maxServers: 1 }, (_server, key) => {
      if (key === "bad") throw new Error("no such program");
    });
    const all = ["bad", "bad", "good"].map((key) => pool.use(key, () => key));
    const results = await Promise.allSettled(all);
    expect(results).toMatchObject([
      { status: "rejected", reason: { message: expect.stringContaining("no such program") } },
      { status: "rejected", reason: { message: expect.stringContaining("no such program") } },
      { status: "fulfilled", value: "good" },
    ]);
    expect(running).toEqual(["good"]);
    expect(pool.status.tenants.map(({ key }) => key)).toEqual(["good"]);
  });
});

describe("a tenant whose options or home aren't known yet", () => {
  test("doesn't delay the others, and only it fails", async () => {
    const gate = deferred<void>();
    const codex = async (key: string) => {
      if (key === "slow") await gate.promise;
      if (key === "bad") throw new Error("no such tenant");
      return { transport: new FakeAppServer().endpoint };
    };
    const pool = new CodexPool({ maxServers: 1, codex });
    onTestFinished(() => pool.close());
    const never = new AbortController();
    const gone = pool.get("slow", { signal: never.signal });
    const bad = pool.get("bad");
    const good = await pool.get("good");
    await expect(bad).rejects.toThrow("no such tenant");
    never.abort(new Error("too slow"));
    await expect(gone).rejects.toThrow("too slow");
    const slow = pool.get("slow");
    gate.resolve();
    good.release();
    expect((await slow).key).toBe("slow");
  });
});

describe("a wait", () => {
  test("ends with the reason of its signal, and doesn't count in the order", async () => {
    const { pool, started } = fakePool({ maxServers: 1 });
    const lease = await pool.get("a");
    const controller = new AbortController();
    const given = pool.use("b", nothing, { signal: controller.signal });
    const next = pool.get("c");
    const reason = new Error("the user left");
    controller.abort(reason);
    await expect(given).rejects.toBe(reason);
    expect(pool.status.waiting).toBe(1);
    lease.release();
    await next;
    expect(started).toEqual(["a", "c"]);
    await expect(pool.get("a", { signal: controller.signal })).rejects.toBe(reason);
    expect(pool.status.waiting).toBe(0);
  });

  test("ends after its time limit", async () => {
    const { pool, started } = fakePool({ maxServers: 1 });
    await pool.get("a");
    await expect(pool.use("b", nothing, { timeoutMs: 20 })).rejects.toMatchObject({
      name: "RequestTimeoutError",
      message: 'No server became available for "b" within 20 ms',
    });
    expect(started).toEqual(["a"]);
  });

  test("that is aborted during a start stops it, unless others wait for the server", async () => {
    const gate = deferred<void>();
    const { pool, running } = fakePool({}, () => gate.promise);
    const alone = new AbortController();
    const one = pool.get("a", { signal: alone.signal });
    const two = pool.get("b", { signal: alone.signal });
    const other = pool.get("b");
    await waitUntil("both start", () => pool.status.servers === 2);
    alone.abort();
    await expect(one).rejects.toThrow("aborted");
    await expect(two).rejects.toThrow("aborted");
    gate.resolve();
    expect((await other).codex.status.state).toBe("ready");
    await waitUntil("the other is gone", () => pool.status.servers === 1);
    expect(running).toEqual(["b"]);
  });

  test("for a server that is being stopped gets a new one, when the old one has exited", async () => {
    const gate = deferred<void>();
    const { pool, started, running } = fakePool({ closing: () => gate.promise });
    const before = await pool.use("a", (codex) => codex);
    const stopping = pool.stop("a");
    const again = pool.use("a", (codex) => [codex, [...running]] as const);
    await pool.use("b", nothing);
    expect(started).toEqual(["a", "b"]);
    gate.resolve();
    await stopping;
    const [after, together] = await again;
    expect(after).not.toBe(before);
    expect(together).toEqual(["b", "a"]);
    expect(started).toEqual(["a", "b", "a"]);
  });
});

describe("a lease", () => {
  test("counts until it is released, once", async () => {
    const { pool } = fakePool({ maxServers: 1 });
    const leases = [await pool.get("a"), await pool.get("a")];
    leases[0]?.release();
    leases[0]?.release();
    expect(pool.status.tenants).toMatchObject([{ key: "a", uses: 1 }]);
    const next = pool.get("b");
    expect(pool.status.waiting).toBe(1);
    leases[1]?.[Symbol.dispose]();
    expect((await next).key).toBe("b");
  });

  test("of a server that has died can be released", async () => {
    const { pool, server } = fakePool();
    const lease = await pool.get("a");
    server("a").disconnect();
    await waitUntil("it is gone", () => pool.status.servers === 0);
    const next: CodexLease = await pool.get("a");
    lease.release();
    expect(pool.status.tenants).toMatchObject([{ key: "a", uses: 1 }]);
    expect(next.codex.status.state).toBe("ready");
  });
});

describe("a client that outlives its use", () => {
  test("works while the server runs, and its later error says how to get it again", async () => {
    const { pool } = fakePool({ maxServers: 1 });
    const [codex, thread] = await pool.use(
      "a",
      async (it) => [it, await it.threadStart()] as const,
    );
    expect((await codex.threadStart()).id).toBe("t2");
    await pool.use("b", nothing);
    const message =
      'The server of "a" was stopped to make room for another: get its client again with ' +
      "pool.use() or pool.get(), and its threads with codex.threadResume()";
    const error = { name: "TransportClosedError", message };
    await expect(codex.threadStart()).rejects.toMatchObject(error);
    await expect(thread.run("hello")).rejects.toMatchObject(error);
    expect(codex.status).toMatchObject({ state: "closed" });
  });
});

describe("a crash", () => {
  test("ends the calls of its tenant only, and the next use gets a new server", async () => {
    const { pool, server, started } = fakePool();
    const other = await pool.get("b");
    const crashed = pool.use("a", async (codex) => {
      const pending = codex.request("model/list", {});
      await server("a").request("model/list");
      server("a").disconnect("it crashed");
      await pending;
    });
    await expect(crashed).rejects.toThrow("it crashed");
    expect(other.codex.status.state).toBe("ready");
    await pool.use("a", (codex) => codex.threadStart());
    expect(started).toEqual(["b", "a", "a"]);
  });

  test("frees its slot for those that wait", async () => {
    const { pool, server } = fakePool({ maxServers: 1 });
    await pool.get("a");
    const next = pool.get("b");
    server("a").disconnect();
    expect((await next).key).toBe("b");
  });
});

describe("closing a pool", () => {
  test("ends every server and every wait, and admits no more", async () => {
    const gate = deferred<void>();
    const { pool, running } = fakePool({ maxServers: 2 }, (_server, key) =>
      key === "slow" ? gate.promise : undefined,
    );
    const used = pool.use("a", (codex) => codex.request("model/list", {}));
    await waitUntil("it runs", () => running.length === 1);
    const starting = pool.get("slow");
    const waiting = pool.get("c");
    const calls = Promise.allSettled([used, starting, waiting]);
    const closing = pool.close();
    gate.resolve();
    await closing;
    const closed = { name: "TransportClosedError", message: expect.stringMatching(/closed/) };
    expect(await calls).toMatchObject(Array(3).fill({ status: "rejected", reason: closed }));
    expect(running).toEqual([]);
    expect(pool.status).toEqual({ servers: 0, waiting: 0, memory: undefined, tenants: [] });
    await expect(pool.get("a")).rejects.toMatchObject(closed);
    expect(pool.close()).toBe(closing);
    await pool[Symbol.asyncDispose]();
  });
});

describe("the options of a pool", () => {
  const home = "/not/used";
  const homes = path.join(tmpdir(), "pool-of-wrong-options");

  test.each<[string, unknown, string]>([
    ["no home", {}, "CodexPool: home is missing"],
    ["options of the client but no home", { codex: {} }, "CodexPool: home is missing"],
    ["an empty home", { home: "" }, "home must be a folder or a function"],
    ["a home with a NUL", { home: "a\0b" }, "home must be a folder or a function"],
    [
      "no server at all",
      { home, maxServers: 0 },
      "maxServers must be a whole number of at least 1",
    ],
    ["a negative time", { home, idleMs: -1 }, "idleMs must be a number of milliseconds"],
    ["no memory", { home, maxMemory: 0 }, "maxMemory must be a whole number of at least 1"],
    ["an unknown option", { home, maxServer: 1 }, "did you mean maxServers?"],
    [
      "a wrong option of the client",
      { home, codex: { aprovals: "ask" } },
      "did you mean approvals?",
    ],
    ["CODEX_HOME", { home, codex: { env: { CODEX_HOME: "/x" } } }, "must not contain CODEX_HOME"],
    [
      "CODEX_SQLITE_HOME",
      { home, codex: { env: { CODEX_SQLITE_HOME: "/x" } } },
      "must not contain CODEX_SQLITE_HOME",
    ],
    ["something else", [], "CodexPool options must be an object"],
  ])("with %s are refused", (_what, options, message) => {
    expect(() => new CodexPool(options as never)).toThrow(message);
  });

  test("that a function returns for a tenant are checked when its server is started", async () => {
    onTestFinished(() => rm(homes, { recursive: true, force: true }));
    const failing: [CodexPoolOptions, string][] = [
      [{ codex: () => ({}) }, "CodexPool: home is missing"],
      [
        { codex: (key) => ({ env: { CODEX_HOME: key } }), home: homes },
        "must not contain CODEX_HOME",
      ],
      [{ codex: () => ({ cwd: 1 }) as never, home: homes }, "Codex option cwd"],
      [{ home: () => "" }, 'home must return a path for "a"'],
    ];
    for (const [given, message] of failing) {
      const pool = new CodexPool(given);
      await expect(pool.get("a")).rejects.toThrow(message);
      expect(pool.status).toMatchObject({ servers: 0, waiting: 0 });
    }
  });
});

test.skipIf(!existsSync("/proc/self/environ"))(
  "a server doesn't get a variable that the program sets while its tenant waits for a slot",
  async () => {
    const home = await mkdtemp(path.join(tmpdir(), "pool-env-"));
    onTestFinished(() => rm(home, { recursive: true, force: true }));
    onTestFinished(() => void vi.unstubAllEnvs());
    const server = fileURLToPath(new URL("../../support/fake-stdio-server.mjs", import.meta.url));
    const asked: string[] = [];
    const codex = (key: string) => {
      asked.push(key);
      const env = { STARTS: "/dev/null", OWN: "yes" };
      return { launchArgs: [process.execPath, server, "early"], env };
    };
    await using pool = new CodexPool({ home, maxServers: 1, codex });
    const leave = deferred<void>();
    const first = pool.use("ada", () => leave.promise);
    await waitUntil("ada's server runs", () => pool.status.servers === 1);
    const environment = pool.use("bob", () => {
      const { pid } = pool.status.tenants.find(({ key }) => key === "bob") ?? {};
      return readFile(`/proc/${pid}/environ`, "utf8");
    });
    await waitUntil("bob's options are known", () => asked.includes("bob"));
    await setImmediate();
    vi.stubEnv("SET_LATER", "hunter2");
    leave.resolve();
    await first;
    const variables = (await environment).split("\0");
    expect(variables).toContain("OWN=yes");
    expect(variables.filter((one) => one.startsWith("SET_LATER"))).toEqual([]);
  },
);
