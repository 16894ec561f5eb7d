import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { RequestContext, Turn } from "../../../src/index.ts";
import {
  command,
  functionCall,
  Gate,
  reply,
  startScripted,
  text,
} from "../../../src/testing/index.ts";
import { collect, collectWarnings, nextOf, sharedServer } from "../../support/e2e.ts";
import { startServed } from "../../support/served.ts";

const server = sharedServer();

describe("thread.review", () => {
  test("returns a turn with the review, and the thread is free afterwards", async () => {
    const { codex, model, cwd } = server;
    execFileSync("git", ["init", "-q"], { cwd });
    writeFileSync(join(cwd, "a.txt"), "a");
    const thread = await codex.threadStart();
    const review = { findings: [], overall_explanation: "Fine.", overall_correctness: "correct" };
    model.enqueue(JSON.stringify(review));
    const turn = await thread.review({ type: "uncommittedChanges" });
    const methods = (await collect(turn.stream())).map(({ method }) => method);
    expect(methods.at(-1)).toBe("turn/completed");
    const result = await turn.run();
    expect(result.status).toBe("completed");
    expect(result.items.map(({ type }) => type)).toContain("exitedReviewMode");
    model.enqueue("next");
    expect((await thread.run("and now?")).text).toBe("next");
  });
});

describe("thread.shell", () => {
  test("returns the turn of the command, which the agent sees", async () => {
    const { codex, model } = server;
    const thread = await codex.threadStart();
    const turn = await thread.shell("echo from-the-shell");
    const result = await turn.run();
    expect(result.items).toMatchObject([
      { type: "commandExecution", source: "userShell", aggregatedOutput: "from-the-shell\n" },
    ]);
    model.enqueue("seen");
    await thread.run("what did I run?");
    expect(JSON.stringify(model.requests.at(-1)?.body)).toContain("from-the-shell");
  });

  test("is interrupted by its signal", async () => {
    const { codex } = server;
    const thread = await codex.threadStart();
    const controller = new AbortController();
    const turn = await thread.shell("sleep 600", { signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(turn.run()).rejects.toThrow("enough");
    server.model.enqueue("free");
    expect((await thread.run("hello")).text).toBe("free");
  });

  test("refuses an empty command", async () => {
    const thread = await server.codex.threadStart();
    await expect(thread.shell("")).rejects.toThrow("the command must be a non-empty string");
  });
});

describe("turns that others start", () => {
  test("onTurn shows each once, with all its notifications: own, queued, and of a shell", async () => {
    const { codex, model } = server;
    const thread = await codex.threadStart();
    const turns: Turn<undefined>[] = [];
    const showing = thread.onTurn((turn) => turns.push(turn));
    model.enqueue("one", "two");
    const own = await thread.turn("first");
    await own.run();
    const done = new Promise<void>((resolve) => {
      const watching = thread.onTurn((turn) => {
        watching[Symbol.dispose]();
        void turn.run().then(() => resolve());
      });
    });
    const queued = await thread.queue("second");
    expect(queued.input).toMatchObject([{ type: "text", text: "second" }]);
    await done;
    await (await thread.shell("true")).run();
    expect(turns).toHaveLength(3);
    expect(turns[0]?.id).toBe(own.id);
    const results = await Promise.all(turns.map((turn) => turn.run()));
    expect(results.map(({ text }) => text)).toEqual(["one", "two", ""]);
    const [, second] = turns;
    const methods = (await collect(second?.stream() ?? nothing())).map(({ method }) => method);
    expect(methods[0]).toBe("turn/started");
    expect(methods.at(-1)).toBe("turn/completed");
    showing[Symbol.dispose]();
    model.enqueue("four");
    await thread.run("fourth");
    expect(turns).toHaveLength(3);
  });

  test("onTurn shows only turns that start after the call", async () => {
    const gate = new Gate();
    server.model.enqueue(text(["be", gate, "fore"]), "after");
    const thread = await server.codex.threadStart();
    const running = await thread.turn("first");
    await gate.reached;
    const seen: string[] = [];
    using _ = thread.onTurn(({ id }) => seen.push(id));
    gate.open();
    await running.run();
    const next = await thread.turn("second");
    await next.run();
    expect(seen).toEqual([next.id]);
  });

  test("activeTurn returns a turn of an ephemeral thread, which has no history", async () => {
    await using s = await startScripted({ onWarning: collectWarnings().onWarning });
    const thread = await s.codex.threadStart({ ephemeral: true });
    const started = nextOf(s.codex, "item/started");
    const script = "until [ -e go ]; do sleep 0.02; done; echo one";
    await s.codex.api.thread.shellCommand({ threadId: thread.id, command: script });
    await started;
    const turn = await thread.activeTurn();
    writeFileSync(join(s.cwd, "go"), "");
    const result = await turn?.run();
    expect(result?.status).toBe("completed");
    expect(result?.items).toMatchObject([{ type: "commandExecution" }]);
  });

  test("activeTurn returns another client's turn completely, and leaves its approvals to that client", async () => {
    await using served = await startServed();
    const { onWarning } = collectWarnings();
    const gate = new Gate();
    const rule = async (_params: unknown, { signal }: RequestContext) => {
      await gate.wait(signal);
      return "accept" as const;
    };
    const codex = served.client({ approvals: { command: rule }, onWarning });
    served.model.enqueue(
      reply(text("Working.", { phase: "commentary" }), escalated("echo hi")),
      "Done.",
    );
    const thread = await codex.threadStart({ approvalPolicy: "on-request" });
    const own = await thread.turn("go");
    await gate.reached;
    const other = served.client({ approvals: "decline", onWarning });
    const seen = await (await other.threadResume(thread.id)).activeTurn();
    expect(seen?.id).toBe(own.id);
    const events = collect(seen?.stream() ?? nothing());
    gate.open();
    const [mine, theirs] = await Promise.all([own.run(), seen?.run()]);
    expect(theirs?.text).toBe("Done.");
    const ran = theirs?.items.find(({ type }) => type === "commandExecution");
    expect(ran).toMatchObject({ status: "completed", exitCode: 0 });
    expect(theirs?.items.map(({ id }) => id)).toEqual(mine.items.map(({ id }) => id));
    expect((await events).at(-1)?.method).toBe("turn/completed");
    expect(await thread.activeTurn()).toBeUndefined();
  });

  test("activeTurn returns another client's turn with what this client saw of it before", async () => {
    const gate = new Gate();
    await using served = await startServed(["Hi.", reply("One.", gate, "Two.")]);
    const { onWarning } = collectWarnings();
    const thread = await served.client({ onWarning }).threadStart();
    await thread.run("hi");
    const other = served.client({ onWarning });
    const same = await other.threadResume(thread.id);
    const one = nextOf(other, "item/completed", ({ item }) => item.type === "agentMessage");
    const own = await thread.turn("go");
    await one;
    const turn = await same.activeTurn();
    const events = collect(turn?.stream() ?? nothing());
    const texts = collect(turn?.textStream() ?? nothing());
    gate.open();
    await Promise.all([own.run(), turn?.run()]);
    expect((await texts).join("")).toBe("One.Two.");
    expect((await events)[0]?.method).toBe("turn/started");
    const completed = (await events).flatMap(({ method, params }) =>
      method === "item/completed" ? [params.item.type] : [],
    );
    expect(completed).toEqual(["userMessage", "agentMessage", "agentMessage"]);
  });

  test("activeTurn returns another client's review, which runs under a second id that never ends", async () => {
    const gate = new Gate();
    await using served = await startServed(["Hi.", reply(text(["All ", gate, "is well."]))]);
    const { onWarning } = collectWarnings();
    const thread = await served.client({ onWarning }).threadStart();
    await thread.run("hi");
    const review = await thread.review({ type: "custom", instructions: "Look." });
    await gate.reached;
    const other = served.client({ onWarning });
    const seen = await (await other.threadResume(thread.id)).activeTurn();
    expect(seen?.id).toBe(review.id);
    gate.open();
    expect(await seen?.run()).toMatchObject({ status: "completed", text: "All is well." });
  });
});

const escalated = (cmd: string) => command(cmd, { escalate: "to see" });

async function* nothing(): AsyncGenerator<never, undefined> {}

describe("thread.goal", () => {
  test("runs until the model has reached it", async () => {
    await using s = await startScripted({
      config: { features: { goals: true } },
      onWarning: collectWarnings().onWarning,
      script: ["Half of it.", functionCall("update_goal", { status: "complete" }), "All of it."],
    });
    const thread = await s.codex.threadStart();
    const states: unknown[] = [];
    const watching = thread.goal.onChange((goal) => states.push(goal?.status));
    const { goal, turns, text: answer } = await thread.goal.run("do it", { tokenBudget: 100_000 });
    watching[Symbol.dispose]();
    expect(goal).toMatchObject({ status: "complete", objective: "do it", tokenBudget: 100_000 });
    expect(turns.length).toBeGreaterThan(0);
    expect(answer).toBe("All of it.");
    expect(states[0]).toBe("active");
    expect(states.at(-1)).toBe("complete");
    await thread.goal.clear();
    expect(await thread.goal.get()).toBeNull();
  });

  test("is paused by an abort, which interrupts its turn", async () => {
    const gate = new Gate();
    await using s = await startScripted({
      config: { features: { goals: true } },
      onWarning: collectWarnings().onWarning,
      script: [reply(text("Starting."), gate)],
    });
    const thread = await s.codex.threadStart();
    const controller = new AbortController();
    thread.onTurn(() => controller.abort(new Error("enough")));
    const { signal } = controller;
    await expect(thread.goal.run("do it", { signal })).rejects.toThrow("enough");
    expect(await thread.goal.get()).toMatchObject({ status: "paused" });
    gate.open();
  });

  test.each(["clear", "pause"] as const)("is stopped by %s() right after run()", async (how) => {
    await using s = await startScripted({
      config: { features: { goals: true } },
      onWarning: collectWarnings().onWarning,
      script: () => "Some of it.",
    });
    const thread = await s.codex.threadStart();
    const running = thread.goal.run("do it");
    await thread.goal[how]();
    const { goal } = await running;
    expect(goal?.status).toBe(how === "clear" ? undefined : "paused");
    expect((await thread.goal.get())?.status).toBe(goal?.status);
  });
});
