import { Redis } from "ioredis";
import { expect, it } from "vitest";
import type { FleetTurn } from "../../../src/fleet/index.ts";
import { tool } from "../../../src/index.ts";
import { command, functionCall, Gate, reply } from "../../../src/testing/index.ts";
import { collect } from "../../support/e2e.ts";
import { TestFleet, type WorkerProcess } from "../../support/fleet.ts";
import { describeWithOwnRedis } from "../../support/redis.ts";
import { startRelay } from "../../support/relay.ts";
import { waitUntil } from "../../support/wait-until.ts";

const SOON = { timeoutMs: 25_000 };
/** Lost workers are noticed sooner than by default. */
const QUICK = { lockMs: 1_000 };

/** The messages of users and of the model, as the model received them in its last request. */
function conversation(test: TestFleet): string[] {
  const input = test.model.requests.at(-1)?.input ?? [];
  return input
    .flatMap(({ role, content }) =>
      role === "developer" ? [] : ((content as { text: string }[] | undefined) ?? []),
    )
    .map(({ text }) => text)
    .filter((text) => !text.startsWith("<"));
}

async function workerOf(test: TestFleet, turn: FleetTurn): Promise<WorkerProcess> {
  const { Redis } = await import("ioredis");
  const client = new Redis(test.redis.url);
  const id = await client.hget(`{codex}:${test.name}.turn:${turn.id}`, "worker");
  client.disconnect();
  const worker = test.workers.find((one) => one.id === id);
  if (!worker) throw new Error(`no worker ${id}`);
  return worker;
}

describeWithOwnRedis("a fleet whose workers are lost", () => {
  it("ends a turn that had reached the model as interrupted, with what its readers have seen", async () => {
    const gate = new Gate();
    await using test = await TestFleet.start([reply("earlier"), reply("half of an ans", gate)]);
    await test.worker(QUICK);
    const fleet = test.fleet();
    await (await fleet.run("one", { thread: "t" })).run(SOON);
    const turn = await fleet.run("two", { thread: "t" });
    const reading = collect(turn.stream(SOON));
    await gate.reached;
    for await (const { method } of turn.stream(SOON)) if (method.endsWith("/delta")) break;
    await (await workerOf(test, turn)).end("SIGKILL");
    await test.worker(QUICK);
    const result = await turn.run(SOON);
    expect(result).toMatchObject({ status: "interrupted", text: "half of an ans" });
    expect(result.error?.message).toContain("was lost");
    expect((await reading).at(-1)).toMatchObject({
      method: "turn/completed",
      params: { turn: { id: result.turnId, status: "interrupted" } },
    });
    test.model.enqueue("three");
    expect((await (await fleet.run("three", { thread: "t" })).run(SOON)).text).toBe("three");
    expect(conversation(test)).toEqual(expect.arrayContaining(["one", "earlier", "two", "three"]));
  });

  it("repeats a turn whose policy is retry, from the state before it", async () => {
    const gate = new Gate();
    await using test = await TestFleet.start([
      ...["earlier", command("echo side effect")],
      ...[reply("lost", gate), "retried"],
    ]);
    await test.worker(QUICK);
    const fleet = test.fleet();
    await (await fleet.run("one", { thread: "t" })).run(SOON);
    const turn = await fleet.run("two", { thread: "t", onWorkerLost: "retry" });
    await gate.reached;
    using timeline = await turn.timeline();
    using whole = fleet.thread("t").timeline();
    await (await workerOf(test, turn)).end("SIGKILL");
    await test.worker(QUICK);
    const result = await turn.run(SOON);
    expect(result).toMatchObject({ status: "completed", text: "retried" });
    await timeline.ended;
    expect(timeline.snapshot.turns.map(({ id }) => id)).toEqual([result.turnId]);
    // It reads the events separately, so they may arrive later than the result.
    await expect
      .poll(() => whole.snapshot.turns.map(({ state }) => state))
      .toEqual(["completed", "completed"]);
    expect(whole.snapshot.turns.at(-1)?.id).toBe(result.turnId);
    expect(conversation(test)).toEqual(["one", "earlier", "two"]);
    const ends = (await collect(turn.stream(SOON))).filter(
      ({ method }) => method === "turn/completed",
    );
    expect(ends).toHaveLength(1);
  });

  it.each(["retry", "interrupt"] as const)(
    "keeps what was added to a turn before its worker was lost (%s)",
    async (onWorkerLost) => {
      const gate = new Gate();
      await using test = await TestFleet.start(() =>
        test.model.requests.length > 1 ? "ok" : reply("half", gate),
      );
      await test.worker(QUICK);
      const fleet = test.fleet();
      const turn = await fleet.run("two", { thread: "t", onWorkerLost });
      await gate.reached;
      for await (const { method } of turn.stream(SOON)) if (method.endsWith("/delta")) break;
      await turn.steer("and three", SOON);
      await (await workerOf(test, turn)).end("SIGKILL");
      await test.worker(QUICK);
      const { status } = await turn.run(SOON);
      expect(status).toBe(onWorkerLost === "retry" ? "completed" : "interrupted");
      await (await fleet.run("next", { thread: "t" })).run(SOON);
      const said = conversation(test).filter((text) => ["two", "and three", "next"].includes(text));
      expect(said).toEqual(["two", "and three", "next"]);
    },
  );

  it("starts a turn that was waiting when its worker was lost", async () => {
    const gate = new Gate();
    await using test = await TestFleet.start([reply("1", gate), "2"]);
    const worker = await test.worker(QUICK);
    const fleet = test.fleet();
    const first = await fleet.run("first", { thread: "t" });
    const second = await fleet.run("second", { thread: "t" });
    await gate.reached;
    await worker.end("SIGKILL");
    await test.worker(QUICK);
    expect((await first.run(SOON)).status).toBe("interrupted");
    expect(await second.run(SOON)).toMatchObject({ status: "completed", text: "2" });
  });

  it("refuses the writes of a paused worker that counted as lost", async () => {
    const gate = new Gate();
    await using test = await TestFleet.start(({ userText }) =>
      userText === "slow" ? reply("from the paused ", gate, "worker") : userText,
    );
    const paused = await test.worker(QUICK);
    const fleet = test.fleet();
    const turn = await fleet.run("slow", { thread: "t" });
    await gate.reached;
    paused.child.kill("SIGSTOP");
    await test.worker(QUICK);
    const result = await turn.run(SOON);
    expect(result.status).toBe("interrupted");
    gate.open();
    paused.child.kill("SIGCONT");
    const isTold = () => paused.warnings.some(({ code }) => code === "FLEET_TURN_TAKEN_OVER");
    await waitUntil("the paused worker knows that it was replaced", isTold);
    expect((await turn.run(SOON)).text).toBe(result.text);
    // Both workers run the next turns, and have the same history.
    for (const input of ["a", "b", "c", "d"]) {
      expect((await (await fleet.run(input, { thread: "t" })).run(SOON)).text).toBe(input);
    }
    expect(conversation(test).filter((text) => /^(slow|[a-d])$/.test(text))).toEqual([
      ...["slow", "a", "a", "b", "b", "c", "c", "d"],
    ]);
  });

  it("refuses the writes of a paused worker while another one repeats its turn", async () => {
    const gates = [new Gate(), new Gate()];
    let attempts = 0;
    await using test = await TestFleet.start(() => {
      const attempt = attempts++;
      return reply(`attempt ${attempt}`, gates[attempt] ?? "", `end ${attempt}`);
    });
    const paused = await test.worker(QUICK);
    const fleet = test.fleet();
    const turn = await fleet.run("go", { thread: "t", onWorkerLost: "retry" });
    const reading = collect(turn.stream(SOON));
    await gates[0]?.reached;
    paused.child.kill("SIGSTOP");
    await test.worker(QUICK);
    await gates[1]?.reached;
    gates[0]?.open();
    paused.child.kill("SIGCONT");
    const isTold = () => paused.warnings.some(({ code }) => code === "FLEET_TURN_TAKEN_OVER");
    await waitUntil("the paused worker knows that it was replaced", isTold);
    expect(await turn.phase()).toBe("running");
    gates[1]?.open();
    expect(await turn.run(SOON)).toMatchObject({ status: "completed", text: "end 1" });
    expect(JSON.stringify(await reading)).not.toContain("end 0");
  });

  it("ends a turn that has crashed several workers with an error", async () => {
    await using test = await TestFleet.start(() => new Gate());
    const settings = { ...QUICK, maxAttempts: 2 };
    const fleet = test.fleet();
    const turn = await fleet.run("poison", { thread: "poisoned", onWorkerLost: "retry" });
    for (const attempt of [1, 2]) {
      const worker = await test.worker(settings);
      await waitUntil("the model is asked", () => test.model.requests.length >= attempt);
      await worker.end("SIGKILL");
    }
    await test.worker(settings);
    await expect(turn.run(SOON)).rejects.toMatchObject({
      ...{ code: "FLEET_TURN_FAILED", reason: "workersLost" },
    });
    using timeline = fleet.thread("poisoned").timeline();
    await expect.poll(() => timeline.snapshot.turns.at(-1)?.state).toBe("failed");
    expect(timeline.snapshot.turns.at(-1)?.error?.message).toContain("2 workers were lost");
  });

  it("loses nothing if Redis restarts while turns are running and waiting", async () => {
    const gate = new Gate();
    await using test = await TestFleet.start(({ userText }) =>
      userText === "slow" ? reply("before ", gate, "after") : userText,
    );
    await test.worker(QUICK);
    await test.worker(QUICK);
    const fleet = test.fleet();
    const turn = await fleet.run("slow", { thread: "t" });
    const behind = await fleet.run("behind", { thread: "t" });
    const reading = collect(turn.stream(SOON));
    await gate.reached;
    await test.redis.stop();
    gate.open();
    // Longer than the lock: it has expired when Redis is back.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await test.redis.start();
    expect(await turn.run(SOON)).toMatchObject({ status: "completed", text: "after" });
    expect((await reading).at(-1)?.method).toBe("turn/completed");
    expect((await behind.run(SOON)).text).toBe("behind");
  });

  it("loses nothing if Redis refuses writes for a while", async () => {
    const [first, second] = [new Gate(), new Gate()];
    await using test = await TestFleet.start([
      reply("before ", first, command("echo asked", { escalate: "needs it" }), second),
      "after",
    ]);
    const worker = await test.worker();
    const fleet = test.fleet();
    const client = new Redis(test.redis.url);
    // As after a failover to a primary whose replicas aren't connected yet.
    const replicas = (count: string) => client.config("SET", "min-replicas-to-write", count);
    const turn = await fleet.run("go", {
      threadOptions: { approvalPolicy: "on-request", sandbox: "read-only" },
    });
    const reading = collect(turn.stream(SOON));
    await first.reached;
    await replicas("1");
    first.open();
    await second.reached;
    const isRefused = ({ message }: { message: string }) => message.includes("NOREPLICAS");
    await waitUntil("a write was refused", () => worker.warnings.some(isRefused));
    second.open();
    await replicas("0");
    for await (const request of turn.requests) {
      await turn.requests.answer(request.id, "decline");
      break;
    }
    expect(await turn.run(SOON)).toMatchObject({ status: "completed", text: "after" });
    expect((await reading).at(-1)?.method).toBe("turn/completed");
    client.disconnect();
  });

  it("runs a thread's next turn if Redis refuses half of the submission of the turn before", async () => {
    await using test = await TestFleet.start(({ userText }) => userText);
    await test.worker();
    const fleet = test.fleet();
    const client = new Redis(test.redis.url);
    const thread = fleet.thread("t");
    // Redis accepts the turn, but not its job.
    await client.call("ACL", "SETUSER", "default", "-xadd");
    await expect(thread.run("one")).rejects.toThrow("can't run this command");
    await client.call("ACL", "SETUSER", "default", "+xadd");
    const next = await thread.run("two");
    expect((await next.run(SOON)).text).toBe("two");
    expect((await thread.turns()).map(({ id }) => id)).toEqual([next.id]);
    client.disconnect();
  });

  it("delivers the result of a caller's tool if Redis refuses writes for a while", async () => {
    await using test = await TestFleet.start([functionCall("look_up", {}), "done"]);
    await test.worker();
    const client = new Redis(test.redis.url);
    const replicas = (count: string) => client.config("SET", "min-replicas-to-write", count);
    const fleet = test.fleet({
      onWarning: ({ message }) => message.includes("NOREPLICAS") && void replicas("0"),
    });
    const lookUp = tool({
      name: "look_up",
      description: "Looks it up.",
      input: { type: "object", properties: {} },
      execute: async () => {
        await replicas("1");
        return "found";
      },
    });
    const turn = await fleet.run("go", { tools: [lookUp] });
    expect(await turn.run(SOON)).toMatchObject({ status: "completed", text: "done" });
    expect(JSON.stringify(test.model.requests.at(-1)?.input)).toContain("found");
    client.disconnect();
  });

  it("continues after network cuts, without repeating or losing an event", async () => {
    const gates = [new Gate(), new Gate(), new Gate()];
    await using test = await TestFleet.start(() =>
      reply("a", ...gates.flatMap((gate) => [gate, "b"])),
    );
    await using relay = await startRelay(test.redis.port);
    await test.worker({ connection: `redis://127.0.0.1:${relay.port}` });
    const fleet = test.fleet({ connection: `redis://127.0.0.1:${relay.port}` });
    const turn = await fleet.run("go");
    const reading = collect(turn.stream(SOON));
    for (const gate of gates) {
      await gate.reached;
      relay.cut();
      gate.open();
    }
    expect((await turn.run(SOON)).items.filter(({ type }) => type === "agentMessage")).toHaveLength(
      4,
    );
    const completed = (await reading).filter(({ method }) => method === "item/completed");
    expect(completed).toHaveLength(5);
  });
});

describeWithOwnRedis("a worker that is stopped", () => {
  it("finishes its turns within the deadline, and takes no others", async () => {
    const gate = new Gate();
    await using test = await TestFleet.start(({ userText }) =>
      userText === "slow" ? reply(gate, "done") : userText,
    );
    const worker = await test.worker({ deadlineMs: 20_000 });
    const fleet = test.fleet();
    const slow = await fleet.run("slow");
    await gate.reached;
    const ended = worker.end("SIGTERM");
    await expect
      .poll(async () => (await fleet.status()).workers.map(({ isClosing }) => isClosing), {
        timeout: SOON.timeoutMs,
      })
      .toEqual([true]);
    const next = await fleet.run("next");
    gate.open();
    expect((await slow.run(SOON)).text).toBe("done");
    expect(await ended).toBe(0);
    expect(await next.phase()).toBe("queued");
    await test.worker();
    expect((await next.run(SOON)).text).toBe("next");
  });

  it("leaves a turn that is still waiting for a server to another worker", async () => {
    const gate = new Gate();
    await using test = await TestFleet.start(({ userText }) =>
      userText === "long" ? reply("part", gate) : userText,
    );
    const worker = await test.worker({ isPooled: true, maxServers: 1, deadlineMs: 100 });
    const fleet = test.fleet();
    await fleet.run("long", { tenant: "a" });
    await gate.reached;
    const waiting = await fleet.run("short", { tenant: "b" });
    await expect.poll(() => waiting.phase(), { timeout: SOON.timeoutMs }).toBe("running");
    await test.worker({ isPooled: true });
    expect(await worker.end("SIGTERM")).toBe(0);
    expect(await waiting.run(SOON)).toMatchObject({ status: "completed", text: "short" });
  });

  it("interrupts a turn at the deadline, or leaves it to another worker", async () => {
    const gate = new Gate();
    const seen: string[] = [];
    await using test = await TestFleet.start(({ userText }) => {
      seen.push(userText);
      return seen.length <= 2 ? reply("part", gate) : "again";
    });
    const worker = await test.worker({ deadlineMs: 100 });
    const fleet = test.fleet();
    const interrupted = await fleet.run("one");
    const retried = await fleet.run("two", { onWorkerLost: "retry" });
    await waitUntil("both turns run", () => seen.length >= 2);
    await test.worker();
    expect(await worker.end("SIGTERM")).toBe(0);
    expect(await interrupted.run(SOON)).toMatchObject({ status: "interrupted", text: "part" });
    // The default lock lasts 30 s, so the job was handed over, not taken over.
    expect(await retried.run(SOON)).toMatchObject({ status: "completed", text: "again" });
  });
});
