import { lstat, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type Codex, type CommandExecutionItem, TransportClosedError } from "../../../src/index.ts";
import { command, Gate, text } from "../../../src/testing/index.ts";
import { temporaryDirectory } from "../../../src/testing/temporary-directory.ts";
import { failureOf } from "../../support/e2e.ts";
import { isRunning, suspend } from "../../support/processes.ts";
import { scriptedPool } from "../../support/scripted-pool.ts";
import { waitUntil } from "../../support/wait-until.ts";

/** Lists the messages that the model received earlier. */
const remembers = ({ body }: { body: unknown }) =>
  /the word is (\w+)/.exec(JSON.stringify(body))?.[1] ?? "I know no word";

async function say(codex: Codex, threadId: string | undefined, what: string) {
  const thread = await (threadId ? codex.threadResume(threadId) : codex.threadStart());
  const result = await thread.run(what);
  return { id: thread.id, text: result.throwIfFailed().text };
}

function pidOf(
  pool: { status: { tenants: readonly { key: string; pid?: number | undefined }[] } },
  key: string,
) {
  return pool.status.tenants.find((tenant) => tenant.key === key)?.pid ?? -1;
}

describe("tenants on the real server", () => {
  test("continue their threads, although their servers were stopped in between", async () => {
    const { pool, homes } = await scriptedPool(remembers, { maxServers: 1 });
    const keys = ["ada", "bob", "../ada"];
    const ids = new Map<string, string>();
    for (const key of keys) {
      const { id } = await pool.use(key, (codex) =>
        say(codex, undefined, `the word is ${words(key)}`),
      );
      ids.set(key, id);
    }
    for (const key of keys) {
      const { text: answer } = await pool.use(key, (codex) => say(codex, ids.get(key), "Which?"));
      expect(answer).toBe(words(key));
      const turns = await pool.use(key, async (codex) => {
        const thread = await codex.threadResume(ids.get(key) ?? "");
        return (await thread.read({ includeTurns: true })).thread.turns.length;
      });
      expect(turns).toBe(2);
    }
    expect(pool.status.servers).toBe(1);
    expect(await readdir(homes)).toHaveLength(3);

    function words(key: string): string {
      return `word${keys.indexOf(key)}`;
    }
  });

  test("share no databases, even if this process has a folder for those of its servers", async () => {
    const shared = await temporaryDirectory("pool-databases-");
    onTestFinished(() => shared.close());
    vi.stubEnv("CODEX_SQLITE_HOME", shared.path);
    const env = { CODEX_APP_SERVER_DISABLE_MANAGED_CONFIG: "1" };
    const { pool } = await scriptedPool(() => "ok", { codexOptions: () => ({ env }) });
    const { id } = await pool.use("ada", (codex) => say(codex, undefined, "my secret"));
    await pool.stop("ada");
    const read = (codex: Codex) => codex.request("thread/read", { threadId: id });
    await expect(pool.use("eve", read)).rejects.toThrow(id);
    await expect(pool.use("eve", (codex) => codex.threadResume(id))).rejects.toThrow(id);
    expect(await readdir(shared.path)).toEqual([]);
  });

  test("see only their own threads, in private homes", async () => {
    const { pool, homes } = await scriptedPool(() => "ok");
    const threadsOf = async (codex: Codex) => (await codex.threadList()).data.map(({ id }) => id);
    const [id, home] = await pool.use("ada", async (codex) => [
      (await say(codex, undefined, "hello")).id,
      codex.metadata.codexHome,
    ]);
    const [threads, other] = await pool.use("bob", async (codex) => [
      await threadsOf(codex),
      codex.metadata.codexHome,
    ]);
    expect(threads).toEqual([]);
    expect(await pool.use("ada", threadsOf)).toEqual([id]);
    await expect(pool.use("bob", (codex) => codex.threadResume(id ?? ""))).rejects.toThrow(id);
    expect(home).not.toBe(other);
    for (const folder of [home, other]) expect(path.dirname(String(folder))).toBe(homes);
    for (const folder of [homes, String(home), String(other)]) {
      expect((await lstat(folder)).mode & 0o777).toBe(0o700);
    }
  });

  test("have logins of their own, which their homes keep", async () => {
    const codexOptions = () => ({ config: { model_provider: "openai" } });
    const { pool } = await scriptedPool(() => "ok", { codexOptions });
    const accountOf = async (codex: Codex) => (await codex.account.read()).account?.type;
    await pool.use("ada", (codex) => codex.account.login({ apiKey: "sk-of-ada-0123456789" }));
    expect(await pool.use("bob", accountOf)).toBeUndefined();
    await pool.stop("ada");
    expect(await pool.use("ada", accountOf)).toBe("apiKey");
  });

  test("get a new server each, within the limit, and no process is left", async () => {
    const { pool } = await scriptedPool(() => "ok", { maxServers: 2 });
    const pids = new Set<number>();
    await Promise.all(
      ["a", "b", "c", "d", "e"].map((key) =>
        pool.use(key, async (codex) => {
          pids.add(pidOf(pool, key));
          expect([...pids].filter(isRunning).length).toBeLessThanOrEqual(2);
          await say(codex, undefined, "hello");
        }),
      ),
    );
    expect(pids.size).toBe(5);
    await pool.close();
    expect([...pids].filter(isRunning)).toEqual([]);
  });
});

describe("an idle server", () => {
  test("is stopped, but not before a turn that outlived its use has ended", async () => {
    const gate = new Gate();
    const { pool } = await scriptedPool(() => text(["hel", gate, "lo"]), { idleMs: 0 });
    const other = pool.get("other");
    const turn = await pool.use("ada", async (codex) => (await codex.threadStart()).turn("hi"));
    await gate.reached;
    const pid = pidOf(pool, "ada");
    // Other tenants use the pool in the meantime.
    (await other).release();
    await waitUntil("the other is stopped", () => pool.status.servers === 1);
    expect(pool.status.tenants).toMatchObject([{ key: "ada", uses: 0, activeThreads: 1 }]);
    gate.open();
    expect((await turn.run()).text).toBe("hello");
    await waitUntil("it is stopped", () => pool.status.servers === 0);
    expect(isRunning(pid)).toBe(false);
  });

  test("is stopped although a message was removed from the paused queue of its thread", async () => {
    const gate = new Gate();
    const { pool } = await scriptedPool(() => text(["hel", gate, "lo"]), { idleMs: 0 });
    const thread = await pool.use("ada", async (codex) => {
      const thread = await codex.threadStart();
      const turn = await thread.turn("hi");
      await gate.reached;
      const { id: queuedSubmissionId } = await thread.queue("later");
      await turn.interrupt();
      await turn.run();
      await codex.request("thread/queue/delete", { threadId: thread.id, queuedSubmissionId });
      return thread;
    });
    await waitUntil("it is stopped", () => pool.status.servers === 0);
    // The program still has a handle.
    expect(thread.id).toBeTypeOf("string");
  });

  test("is not stopped while a timeline of a thread is open", async () => {
    const { pool } = await scriptedPool(() => "ok", { maxServers: 1 });
    const timeline = await pool.use("ada", async (codex) => {
      const thread = await codex.threadStart();
      await thread.run("hi");
      return thread.timeline();
    });
    const next = pool.get("bob");
    const late = pool.get("cy", { timeoutMs: 1_000 });
    await expect(late).rejects.toThrow('No server became available for "cy" within 1000 ms');
    expect(pool.status).toMatchObject({ servers: 1, waiting: 1 });
    timeline.close();
    expect((await next).key).toBe("bob");
  });
});

describe("a tenant in trouble leaves the others alone", () => {
  test("when its server is killed in the middle of a turn", async () => {
    const gate = new Gate();
    const { pool } = await scriptedPool(({ userText }) =>
      userText.startsWith("calm") ? userText : text([userText, gate, "."]),
    );
    const { id } = await pool.use("ada", (codex) => say(codex, undefined, "calm before"));
    const turns = Promise.allSettled([
      pool.use("ada", (codex) => say(codex, id, "ada")),
      pool.use("bob", (codex) => say(codex, undefined, "bob")),
    ]);
    await gate.reached;
    await waitUntil(
      "both are at work",
      () =>
        pool.status.servers === 2 &&
        pool.status.tenants.every(({ activeThreads }) => activeThreads === 1),
    );
    process.kill(pidOf(pool, "ada"), "SIGKILL");
    await waitUntil("it is gone", () => pool.status.servers === 1);
    gate.open();
    expect(await turns).toMatchObject([
      { status: "rejected", reason: expect.any(TransportClosedError) },
      { status: "fulfilled", value: { text: "bob." } },
    ]);
    const again = await pool.use("ada", (codex) => say(codex, id, "calm after"));
    expect(again).toEqual({ id, text: "calm after" });
  });

  test("when it floods its client", async () => {
    const flood = function* () {
      for (let index = 0; index < 100_000; index++) yield "0123456789 ";
    };
    const { pool } = await scriptedPool(({ userText }) =>
      userText === "flood" ? text(flood()) : "calm",
    );
    let isOver = false;
    const flooded = pool
      .use("ada", (codex) => say(codex, undefined, "flood"))
      .finally(() => {
        isOver = true;
      });
    await waitUntil("it floods", () =>
      pool.status.tenants.some(({ key, activeThreads }) => key === "ada" && activeThreads === 1),
    );
    for (let turn = 0; turn < 3; turn++) {
      const { text: answer } = await pool.use("bob", (codex) => say(codex, undefined, "hi"));
      expect(answer).toBe("calm");
    }
    expect(isOver).toBe(false);
    expect((await flooded).text).toHaveLength(1_100_000);
  });

  test("when its idle server hangs, which makes room for them all the same", async () => {
    const { pool } = await scriptedPool(remembers, { maxServers: 1 });
    const { id } = await pool.use("ada", (codex) => say(codex, undefined, "the word is heron"));
    const pid = pidOf(pool, "ada");
    await suspend(pid);
    await pool.use("bob", (codex) => say(codex, undefined, "hi"));
    expect(isRunning(pid)).toBe(false);
    const { text: word } = await pool.use("ada", (codex) => say(codex, id, "Which?"));
    expect(word).toBe("heron");
  });

  test("when its server hangs in use, and is replaced at its next use", async () => {
    const { pool } = await scriptedPool(remembers);
    const { id } = await pool.use("ada", (codex) => say(codex, undefined, "the word is heron"));
    const pid = pidOf(pool, "ada");
    const hung = await pool.use("ada", async (codex) => {
      await suspend(pid);
      return failureOf(codex.request("model/list", {}, { timeoutMs: 100 }));
    });
    expect(hung).toMatchObject({ name: "RequestTimeoutError" });
    await pool.use("bob", (codex) => say(codex, undefined, "hi"));
    await waitUntil("it has been idle for a second", () =>
      pool.status.tenants.some(({ key, idleMs = 0 }) => key === "ada" && idleMs > 1_000),
    );
    const { text: word } = await pool.use("ada", (codex) => say(codex, id, "Which?"));
    expect(word).toBe("heron");
    expect(isRunning(pid)).toBe(false);
  });
});

test.each([
  ["nothing that a server doesn't need", {}, "none\n"],
  ["what the env option adds", { SERVICE_DATABASE: "a password" }, "a password\n"],
])("commands see of the service's environment %s", async (_what, env, expected) => {
  vi.stubEnv("SERVICE_DATABASE", "a password");
  const { pool } = await scriptedPool(
    ({ lastOutput }) =>
      lastOutput === undefined ? command("printenv SERVICE_DATABASE || echo none") : "done",
    { codexOptions: () => ({ env, config: { sandbox_mode: "workspace-write" } }) },
  );
  const items = await pool.use("ada", async (codex) => {
    const thread = await codex.threadStart();
    return (await thread.run("go")).items;
  });
  expect(items).toContainEqual(
    expect.objectContaining({ type: "commandExecution", aggregatedOutput: expected }),
  );
});

describe("the homes of others", () => {
  /** The output of a command of "ada" that reads the home of "bob" and writes to its own folder. */
  async function printed(denied: boolean): Promise<string> {
    const { pool, homes } = await scriptedPool(
      ({ lastOutput, userText }) => (lastOutput === undefined ? command(userText) : "done"),
      {
        codexOptions: (_key, home) => {
          const filesystem = { [path.dirname(home)]: "deny" };
          const permissions = { tenant: { extends: ":workspace", filesystem } };
          return denied
            ? { config: { default_permissions: "tenant", permissions } }
            : { config: { sandbox_mode: "workspace-write" } };
        },
      },
    );
    const secret = await pool.use("bob", async (codex) => {
      const file = path.join(String(codex.metadata.codexHome), "secret");
      await writeFile(file, "a secret of bob");
      return file;
    });
    return await pool.use("ada", async (codex) => {
      const thread = await codex.threadStart();
      const { items } = await thread.run(
        `cat '${secret}'; ls '${homes}'; echo mine > own; cat own`,
      );
      const [item] = items.filter(({ type }) => type === "commandExecution");
      return (item as CommandExecutionItem | undefined)?.aggregatedOutput ?? "";
    });
  }

  test("can be read by a tenant's commands, which run as the same user", async () => {
    expect(await printed(false)).toMatch(/^a secret of bob/);
  });

  test("can't be read by them where a permission profile denies it", async () => {
    const output = await printed(true);
    expect(output).toMatch(/^mine$/m);
    expect(output).not.toContain("secret of bob");
    expect(output.match(/Permission denied/g)).toHaveLength(2);
  });
});

describe("the limit of memory", () => {
  test("is enforced by stopping idle servers, and one may always run", async () => {
    const { pool } = await scriptedPool(() => "ok", { maxMemory: 1, idleMs: 600_000 });
    const lease = await pool.get("ada");
    const next = pool.get("bob");
    await waitUntil("it is measured", () => (pool.status.tenants[0]?.memory ?? 0) > 0);
    // A few dozen megabytes: this is the server, and neither this process nor a launcher.
    expect(pool.status.memory).toBeGreaterThan(20 * 2 ** 20);
    expect(pool.status).toMatchObject({ servers: 1, waiting: 1 });
    lease.release();
    expect((await next).key).toBe("bob");
    expect(pool.status.servers).toBe(1);
  });

  test("stops idle servers that were started before too much was used", async () => {
    const { pool } = await scriptedPool(() => "ok", { maxMemory: 700 * 2 ** 20, idleMs: 600_000 });
    const lease = await pool.get("ada");
    await pool.use("bob", (codex) => say(codex, undefined, "hi"));
    const pid = pidOf(pool, "ada");
    expect(pool.status.servers).toBe(2);
    // A child process of the server counts too.
    const command = [
      "node",
      "-e",
      "globalThis.b = Buffer.alloc(6e8, 1); setInterval(() => {}, 1e6)",
    ];
    const running = lease.codex
      .exec(command, { timeoutMs: 0 })
      .run()
      .catch(() => {});
    await waitUntil("bob's server is stopped", () => pool.status.servers === 1);
    expect(pool.status.tenants).toMatchObject([{ key: "ada", pid }]);
    await waitUntil("all of it is measured", () => (pool.status.memory ?? 0) > 600_000_000);
    await pool.close();
    await running;
  });
});
