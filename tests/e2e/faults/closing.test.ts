import { describe, expect, test } from "vitest";
import { Codex, type CodexStatus, TransportClosedError } from "../../../src/index.ts";
import { procTable } from "../../../src/process/process-table.ts";
import {
  Gate,
  isolatedHome,
  scriptedConfig,
  startScripted,
  text,
} from "../../../src/testing/index.ts";
import { failureOf } from "../../support/e2e.ts";

const children = () => procTable.children(process.pid);

describe("close() at an unlucky moment leaves no server", () => {
  const FIRST = ["configWarning", "remoteControl/status/changed", "account/updated"];

  test("inside the first notification, 12 times", async () => {
    await using home = await isolatedHome(scriptedConfig("http://127.0.0.1:1/v1"));
    const before = children();
    let inside = 0;
    for (let round = 0; round < 12; round++) {
      const codex = new Codex({ env: home.env, cwd: home.path, onWarning: () => {} });
      let closing: Promise<void> | undefined;
      const close = () => {
        inside++;
        closing = codex.close();
      };
      for (const method of FIRST) codex.on(method, close);
      const listing = codex.modelList().catch((error) => error);
      await listing;
      await (closing ?? codex.close());
      await codex.closed;
      expect(children()).toEqual(before);
      await expect(codex.modelList()).rejects.toThrow(TransportClosedError);
    }
    expect(inside).toBeGreaterThanOrEqual(12);
  }, 60_000);

  const states: CodexStatus["state"][] = ["connecting", "ready"];
  test.each(states)("inside a listener of the status %s", async (state) => {
    await using home = await isolatedHome(scriptedConfig("http://127.0.0.1:1/v1"));
    const before = children();
    const codex = new Codex({ env: home.env, cwd: home.path, onWarning: () => {} });
    let closing: Promise<void> | undefined;
    codex.onStatus((status) => {
      if (status.state === state) closing = codex.close();
    });
    expect(await failureOf(codex.modelList())).toBeInstanceOf(TransportClosedError);
    await closing;
    expect(children()).toEqual(before);
  });

  test("inside a listener of the status reconnecting", async () => {
    await using home = await isolatedHome(scriptedConfig("http://127.0.0.1:1/v1"));
    const before = children();
    const codex = new Codex({
      env: home.env,
      cwd: home.path,
      onWarning: () => {},
      restart: { initialDelayMs: 1 },
    });
    await codex.connect();
    codex.onStatus(({ state }) => {
      if (state === "reconnecting") void codex.close();
    });
    const [pid = 0] = children().filter((child) => !before.includes(child));
    process.kill(pid, "SIGKILL");
    expect(await codex.closed).toBeUndefined();
    await codex.close();
    expect(await failureOf(codex.modelList())).toBeInstanceOf(TransportClosedError);
    expect(children()).toEqual(before);
  });

  test("inside onWarning, when the server warns", async () => {
    await using home = await isolatedHome({
      ...scriptedConfig("http://127.0.0.1:1/v1"),
      features: { no_such_feature: true },
    });
    const before = children();
    let closing: Promise<void> | undefined;
    const codex = new Codex({
      env: home.env,
      cwd: home.path,
      onWarning: () => {
        closing ??= codex.close();
      },
    });
    await codex.connect().catch(() => {});
    await codex.modelList().catch(() => {});
    await codex.close();
    await closing;
    expect(children()).toEqual(before);
  });

  test("right after the call that starts the server, and in the next ticks", async () => {
    await using home = await isolatedHome(scriptedConfig("http://127.0.0.1:1/v1"));
    const before = children();
    for (let ticks = 0; ticks < 6; ticks++) {
      const codex = new Codex({ env: home.env, cwd: home.path });
      const failing = failureOf(codex.modelList());
      for (let tick = 0; tick < ticks; tick++) await new Promise(setImmediate);
      await codex.close();
      expect(await failing).toBeInstanceOf(TransportClosedError);
      expect(children()).toEqual(before);
    }
  });
});

describe("a reader can leave immediately while the model is silent", () => {
  async function silentTurn() {
    const gate = new Gate();
    const scripted = await startScripted({ script: [text(["said", gate])] });
    const turn = await (await scripted.codex.threadStart()).turn("go");
    return { ...scripted, turn, gate };
  }

  test.each(["textStream", "stream"] as const)(
    "by return() of %s()",
    async (name) => {
      await using s = await silentTurn();
      const reader: AsyncIterator<unknown> = s.turn[name]();
      await reader.next();
      await s.gate.reached;
      const waiting = (async () => {
        for (;;) {
          const { done, value } = await reader.next();
          if (done) return value;
        }
      })();
      expect(await reader.return?.()).toEqual({ value: undefined, done: true });
      expect(await waiting).toBeUndefined();
      s.gate.open();
      expect((await s.turn.run()).text).toBe("said");
    },
    8_000,
  );

  test.each(["textStream", "stream"] as const)(
    "by cancel() of a web stream of %s()",
    async (name) => {
      await using s = await silentTurn();
      const stream = ReadableStream.from<unknown>(s.turn[name]());
      const reader = stream.getReader();
      await reader.read();
      await s.gate.reached;
      const pending = (async () => {
        while (!(await reader.read()).done);
      })();
      await new Promise(setImmediate);
      await reader.cancel();
      await pending;
      s.gate.open();
      expect((await s.turn.run()).text).toBe("said");
    },
    8_000,
  );

  test("of notifications(), too", async () => {
    await using s = await silentTurn();
    const notifications = s.codex.notifications();
    const waiting = notifications.next();
    expect(await notifications.return?.()).toEqual({ value: undefined, done: true });
    await waiting;
  }, 8_000);
});
