import { describe, expect, test } from "vitest";
import { type Codex, TurnFailedError } from "../../../src/index.ts";
import { procTable } from "../../../src/process/process-table.ts";
import { failure, Gate, startScripted, text } from "../../../src/testing/index.ts";
import { failureOf, nextOf, sharedServer } from "../../support/e2e.ts";
import { startRelay } from "../../support/relay.ts";
import { startServed } from "../../support/served.ts";

const server = sharedServer({ script: (request) => `echo ${request.userText}` });

function ready(codex: Codex): Promise<void> {
  return new Promise((resolve) => {
    const listening = codex.onStatus(({ state }) => {
      if (state !== "ready") return;
      listening[Symbol.dispose]();
      resolve();
    });
  });
}

describe("compact() on a connection that replaced a lost one", () => {
  test("works on each of 6 threads after the server process was restarted", async () => {
    const own = new Set(procTable.children(process.pid));
    await using scripted = await startScripted({
      script: (request) => `echo ${request.userText}`,
      restart: { initialDelayMs: 1 },
    });
    const { codex } = scripted;
    const threads = await Promise.all(Array.from({ length: 6 }, () => codex.threadStart()));
    for (const thread of threads) await thread.run("hi");
    const back = ready(codex);
    const [pid = 0] = procTable.children(process.pid).filter((child) => !own.has(child));
    process.kill(pid, "SIGKILL");
    await back;
    const all = threads.map(async (thread) => {
      await thread.compact();
      return (await thread.run("next")).text;
    });
    expect(await Promise.all(all)).toEqual(threads.map(() => "echo next"));
  });

  test("works on each of 6 threads after a lost connection", async () => {
    await using served = await startServed((request) => `echo ${request.userText}`);
    await using relay = await startRelay(served.port);
    const codex = served.client({}, relay.port);
    const threads = await Promise.all(Array.from({ length: 6 }, () => codex.threadStart()));
    for (const thread of threads) await thread.run("hi");
    const back = ready(codex);
    relay.cut();
    await back;
    const all = threads.map(async (thread) => {
      await thread.compact();
      return (await thread.run("next")).text;
    });
    expect(await Promise.all(all)).toEqual(threads.map(() => "echo next"));
  });
});

describe("compact()", () => {
  test("resolves when the compaction has ended, not when it starts", async () => {
    const thread = await server.codex.threadStart();
    await thread.run("hi");
    const gate = new Gate();
    server.model.enqueue(text(["the ", gate, "summary"]));
    let done = false;
    const compacting = thread.compact().then(() => {
      done = true;
    });
    await gate.reached;
    await server.codex.modelList();
    expect(done).toBe(false);
    let ended = false;
    void nextOf(server.codex, "turn/completed", (p) => p.threadId === thread.id).then(() => {
      ended = true;
    });
    gate.open();
    await compacting;
    expect(ended).toBe(true);
  });

  test("rejects when the compaction failed, and the thread takes the next turn", async () => {
    const thread = await server.codex.threadStart();
    await thread.run("hi");
    server.model.enqueue(failure(400));
    expect(await failureOf(thread.compact())).toBeInstanceOf(TurnFailedError);
    expect((await thread.run("next")).text).toBe("echo next");
  });
});
