import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Queue } from "bullmq";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type Fleet, type FleetTurn, UnknownTurnError } from "../../../src/fleet/index.ts";
import { Gate, reply } from "../../../src/testing/index.ts";
import { collect, failureOf } from "../../support/e2e.ts";
import { TestFleet } from "../../support/fleet.ts";
import { describeWithRedis } from "../../support/redis.ts";
import { png } from "../../support/sample-images.ts";

const run = promisify(execFile);
const submitProgram = fileURLToPath(new URL("../../support/fleet-submit.mjs", import.meta.url));
const SOON = { timeoutMs: 20_000 };

describeWithRedis("turns of a fleet", () => {
  let test: TestFleet;
  let fleet: Fleet;

  beforeAll(async () => {
    test = await TestFleet.start();
    fleet = test.fleet();
    await test.worker();
    await test.worker();
  });
  afterAll(async () => {
    await test?.[Symbol.asyncDispose]();
  });

  const text = async (turn: FleetTurn) => (await turn.run(SOON)).throwIfFailed().text;

  it("continues after the process that submitted them has exited, and shows them to another", async () => {
    const gate = new Gate();
    test.model.respond(() => reply("one ", gate, "two"));
    const options = JSON.stringify({ connection: test.redis.url, name: test.name });
    const { stdout: id } = await run(process.execPath, [
      ...[submitProgram, options, "hello", JSON.stringify({ thread: "left" })],
    ]);
    const turn = fleet.turn(id);
    const stream = turn.stream(SOON);
    const first = await stream.next();
    expect(first.value?.method).toBe("turn/started");
    gate.open();
    const rest = await collect(stream);
    expect(rest.at(-1)?.method).toBe("turn/completed");
    expect((await turn.run(SOON)).throwIfFailed().items.map(({ type }) => type)).toEqual([
      ...["userMessage", "agentMessage", "agentMessage"],
    ]);
  });

  it("continues a thread with its history", async () => {
    test.model.respond(({ userText }) => `echo ${userText}`);
    expect(await text(await fleet.run("first", { thread: "long" }))).toBe("echo first");
    expect(await text(await fleet.run("second", { thread: "long" }))).toBe("echo second");
    const said = JSON.stringify(test.model.requests.at(-1)?.input);
    expect(said).toContain("echo first");
  });

  it("runs the turns of a thread one after another, in the order in which they were submitted", async () => {
    const seen: string[] = [];
    let running = 0;
    test.model.respond(async ({ userText }) => {
      expect(++running).toBe(1);
      seen.push(userText);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return "done";
    });
    const inputs = Array.from({ length: 12 }, (_, index) => `input ${index}`);
    const turns: FleetTurn[] = [];
    for (const input of inputs) turns.push(await fleet.run(input, { thread: "order" }));
    await Promise.all(turns.map(text));
    expect(seen).toEqual(inputs);
  });

  it("yields every reader the events after the one that it names", async () => {
    test.model.respond(() => reply("one", "two"));
    const turn = await fleet.run("go", { thread: "readers" });
    const all = await collect(turn.stream(SOON));
    const ids = all.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [index, { id }] of all.entries()) {
      const rest = await collect(fleet.turn(turn.id).stream({ ...SOON, after: id }));
      expect(rest).toEqual(all.slice(index + 1));
    }
  });

  it("keeps a timeline up to date until the turn has ended", async () => {
    const gate = new Gate();
    test.model.respond(() => reply("shown", gate));
    const turn = await fleet.run("draw", { thread: "drawn" });
    using timeline = await turn.timeline();
    gate.open();
    await timeline.ended;
    const [drawn] = timeline.snapshot.turns;
    expect(drawn?.state).toBe("completed");
    expect(JSON.stringify(drawn?.entries)).toContain("shown");
  });

  it("shows a whole thread, with turns that other processes submit later", async () => {
    test.model.respond(({ userText }) => `echo ${userText}`);
    const thread = test.fleet().thread("shown", { tenant: "ada" });
    using timeline = thread.timeline();
    expect(timeline.snapshot.turns).toEqual([]);
    await text(await thread.run("one"));
    await text(await fleet.run("two", { thread: "shown", tenant: "ada" }));
    await fleet.run("other", { thread: "shown", tenant: "bob" });
    await expect
      .poll(() => timeline.snapshot.turns.map(({ state }) => state))
      .toEqual(["completed", "completed"]);
    const drawn = JSON.stringify(timeline.snapshot.turns);
    for (const said of ["echo one", "echo two"]) expect(drawn).toContain(said);
    using late = thread.timeline();
    await expect.poll(() => late.snapshot).toEqual(timeline.snapshot);
    expect((await thread.turns()).length).toBe(2);
    const threads = await fleet.threads({ limit: 2 });
    expect(threads.map(({ thread: name, tenant }) => [tenant, name])).toEqual([
      ...[
        ["bob", "shown"],
        ["ada", "shown"],
      ],
    ]);
    expect(threads[1]).toMatchObject({ running: null, queued: 0 });
    expect(() => fleet.thread("")).toThrow(TypeError);
  });

  it("shows turns of a thread that failed before the server had them, in their places", async () => {
    test.model.respond(({ userText }) => `echo ${userText}`);
    const thread = fleet.thread("unstarted");
    using timeline = thread.timeline();
    const failing = async () => {
      const turn = await thread.run("lost", { tools: ["nobody-has-it"] });
      expect(await failureOf(turn.run(SOON))).toMatchObject({ code: "FLEET_TURN_FAILED" });
      return { id: turn.id, state: "failed" };
    };
    const lost = [await failing(), await failing()];
    await expect.poll(() => timeline.snapshot.turns).toMatchObject(lost);
    expect(timeline.snapshot.turns[0]?.error?.message).toContain("no tool nobody-has-it");
    await text(await thread.run("one"));
    const states = () => timeline.snapshot.turns.map(({ state }) => state);
    await expect.poll(states).toEqual(["failed", "failed", "completed"]);
    expect(timeline.snapshot.turns.slice(0, 2)).toMatchObject(lost);
    expect(timeline.snapshot.threadId).not.toBe("");
    using late = thread.timeline();
    await expect.poll(() => late.snapshot).toEqual(timeline.snapshot);
  });

  it("parses and validates the output in the process that has the schema", async () => {
    test.model.respond(() => '{"sum":3}');
    const outputSchema = {
      ...{ type: "object", properties: { sum: { type: "number" } } },
      ...{ required: ["sum"], additionalProperties: false },
    } as const;
    const turn = await fleet.run("1 + 2?", { outputSchema });
    expect((await turn.run(SOON)).throwIfFailed().output).toEqual({ sum: 3 });
    expect(test.model.requests.at(-1)?.body.text).toMatchObject({
      format: { schema: outputSchema },
    });
    test.model.respond(() => "three");
    const failed = await fleet.run("1 + 2?", { outputSchema });
    expect(await failureOf(failed.run(SOON))).toMatchObject({ code: "OUTPUT_INVALID" });
  });

  it("sends an image from the submitting machine", async () => {
    test.model.respond(() => "seen");
    const path = join(test.folder, "image.png");
    await writeFile(path, png());
    await text(await fleet.run(["look", { type: "localImage", path }]));
    expect(JSON.stringify(test.model.requests.at(-1)?.input)).toContain("data:image/png;base64,");
  });

  it("treats a second submission with the same id as the first", async () => {
    test.model.respond(() => "once");
    const before = test.model.requests.length;
    const one = await fleet.run("pay", { thread: "idempotent", id: "payment_1" });
    const two = await fleet.run("pay", { thread: "idempotent", id: "payment_1" });
    expect([await text(one), await text(two)]).toEqual(["once", "once"]);
    const third = await fleet.run("pay", { thread: "idempotent", id: "payment_1" });
    expect(await text(third)).toBe("once");
    expect(test.model.requests.length - before).toBe(1);
  });

  it.each([undefined, "Q4WqjrTs8rPYYKUNpJH2Bq0gXxVUqrtjx8L9NlGJDXs="])(
    "repeats a submission that failed halfway, on the same thread (with a key: %s)",
    async (encryptionKey) => {
      await using own = await TestFleet.start(({ userText }) => userText);
      await own.worker({ ...(encryptionKey && { encryptionKey }) });
      const add = vi.spyOn(Queue.prototype, "add").mockRejectedValueOnce(new Error("killed"));
      const dying = own.fleet({ encryptionKey });
      expect(await failureOf(dying.run("pay", { id: "payment_1" }))).toMatchObject({
        message: "killed",
      });
      add.mockRestore();
      const next = own.fleet({ encryptionKey });
      expect(
        (await failureOf(next.run("pay", { id: "payment_1", thread: "other" }))).message,
      ).toContain("submit it again for that thread");
      const turn = await next.run("pay", { id: "payment_1" });
      expect(await text(turn)).toBe("pay");
      expect(await text(next.turn("payment_1"))).toBe("pay");
      expect(await next.threads()).toMatchObject([{ running: null, queued: 0 }]);
    },
  );

  it("leaves a turn to the thread that it was first submitted for", async () => {
    test.model.respond(({ userText }) => userText);
    const one = await fleet.run("one", { thread: "first", id: "payment_2" });
    const two = await fleet.run("two", { thread: "second", id: "payment_2" });
    const three = await fleet.run("three", { id: "payment_2" });
    expect([await text(one), await text(two), await text(three)]).toEqual(["one", "one", "one"]);
    expect(await fleet.thread("second").turns()).toEqual([]);
  });

  it("steers and interrupts a running turn from any process", async () => {
    const gate = new Gate();
    test.model.respond(() => reply("working", gate));
    const turn = await fleet.run("work", { thread: "stopped" });
    for await (const { method } of turn.stream(SOON)) if (method.endsWith("/delta")) break;
    const other = test.fleet().turn(turn.id);
    await other.steer("hurry up", SOON);
    await other.interrupt(SOON);
    const result = await turn.run(SOON);
    expect(result).toMatchObject({ status: "interrupted", text: "working" });
    await other.interrupt(SOON);
    expect(await failureOf(other.steer("too late", SOON))).toMatchObject({
      message: expect.stringContaining("has ended"),
    });
  });

  it("doesn't run a turn that was interrupted while it was waiting", async () => {
    const gate = new Gate();
    test.model.respond(({ userText }) => (userText === "first" ? reply("1", gate) : userText));
    const first = await fleet.run("first", { thread: "waiting" });
    await gate.reached;
    const second = await fleet.run("second", { thread: "waiting" });
    const third = await fleet.run("third", { thread: "waiting" });
    await second.interrupt(SOON);
    expect(await second.run(SOON)).toMatchObject({ status: "interrupted", items: [] });
    gate.open();
    expect(await text(third)).toBe("third");
    expect(await text(first)).toBe("1");
  });

  it("doesn't run a turn that was interrupted while its worker was waiting for a server", async () => {
    const gate = new Gate();
    await using own = await TestFleet.start(() => reply("part", gate));
    await own.worker({ isPooled: true, maxServers: 1 });
    const caller = own.fleet();
    const long = await caller.run("long", { tenant: "a" });
    await gate.reached;
    const waiting = await caller.run("short", { tenant: "b", thread: "t" });
    await expect.poll(() => waiting.phase(), { timeout: SOON.timeoutMs }).toBe("running");
    await waiting.interrupt(SOON);
    expect(await waiting.run(SOON)).toMatchObject({ status: "interrupted", text: "" });
    gate.open();
    await long.run(SOON);
    own.model.respond(() => "next");
    expect(await text(await caller.run("next", { tenant: "b", thread: "t" }))).toBe("next");
    expect(own.model.requests).toHaveLength(2);
  });

  it("runs a delayed turn after its delay", async () => {
    test.model.respond(({ userText }) => userText);
    const late = await fleet.run("late", { thread: "delayed", delayMs: 1_500 });
    const early = await fleet.run("early", { thread: "delayed" });
    expect(await late.phase()).toBe("queued");
    expect(await text(early)).toBe("early");
    expect(await text(late)).toBe("late");
    expect(JSON.stringify(test.model.requests.at(-1)?.input)).toContain("early");
  });

  it("reports a turn that it doesn't have", async () => {
    const turn = fleet.turn("nobody-knows-it");
    const calls = [turn.run(SOON), turn.phase(), turn.interrupt(SOON), collect(turn.stream(SOON))];
    for (const failure of await Promise.all(calls.map(failureOf)))
      expect(failure).toBeInstanceOf(UnknownTurnError);
  });

  it("lets a reader stop immediately, no matter what the turn is doing", async () => {
    const gate = new Gate();
    test.model.respond(() => reply("slow", gate));
    const turn = await fleet.run("read");
    await gate.reached;
    const stream = turn.stream();
    let last = await stream.next();
    while (last.value?.method !== "item/agentMessage/delta") last = await stream.next();
    const next = stream.next();
    await stream.return(undefined);
    expect(await next).toEqual({ value: undefined, done: true });
    gate.open();
    expect(await text(turn)).toBe("slow");
  });

  it("ends the wait but not the turn after a timeout", async () => {
    const gate = new Gate();
    test.model.respond(() => reply("slow", gate));
    const turn = await fleet.run("wait");
    await gate.reached;
    expect(await failureOf(turn.run({ timeoutMs: 10 }))).toMatchObject({ code: "REQUEST_TIMEOUT" });
    gate.open();
    expect(await text(turn)).toBe("slow");
  });

  it("runs the next turn of a thread on the worker that has it loaded", async () => {
    test.model.respond(({ userText }) => userText);
    const { Redis } = await import("ioredis");
    const client = new Redis(test.redis.url);
    const workerOf = ({ id }: FleetTurn) =>
      client.hget(`{codex}:${test.name}.turn:${id}`, "worker");
    const threads = ["w1", "w2", "w3", "w4"];
    for (const thread of threads) {
      const workers = new Set<string | null>();
      for (const input of ["a", "b", "c", "d"]) {
        const turn = await fleet.run(input, { thread });
        expect(await text(turn)).toBe(input);
        workers.add(await workerOf(turn));
      }
      expect([thread, workers.size]).toEqual([thread, 1]);
    }
    client.disconnect();
  });

  it("counts a turn once, also if it was left to the worker that has its thread loaded", async () => {
    const threads = ["c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8"];
    const runAll = (input: string) =>
      Promise.all(threads.map((thread) => fleet.run(input, { thread })));
    test.model.respond(({ userText }) => userText);
    await Promise.all((await runAll("first")).map(text));
    const gates = threads.map(() => new Gate());
    const open = gates.values();
    test.model.respond(() => reply("second", open.next().value as Gate));
    const turns = await runAll("second");
    await Promise.all(gates.map((gate) => gate.reached));
    expect(await fleet.status()).toMatchObject({ running: 8, waiting: 0, delayed: 0 });
    for (const gate of gates) gate.open();
    await Promise.all(turns.map(text));
  });

  it("reports its workers and turns to a caller whose clock is wrong", async () => {
    await using own = await TestFleet.start();
    await own.worker();
    const gate = new Gate();
    own.model.respond(() => reply("working", gate));
    const caller = own.fleet();
    const turn = await caller.run("go", { thread: "t" });
    await gate.reached;
    const { now } = Date;
    for (const offset of [120_000, -120_000, 0]) {
      vi.spyOn(Date, "now").mockImplementation(() => now() + offset);
      try {
        expect(await caller.status()).toMatchObject({
          ...{ workers: [{ id: own.workers[0]?.id }], capacity: 8, running: 1, stuck: [] },
        });
        expect(await caller.threads()).toMatchObject([{ running: turn.id, queued: 0 }]);
      } finally {
        vi.mocked(Date.now).mockRestore();
      }
    }
    gate.open();
    await turn.run(SOON);
  });

  it("reports its workers and its queue", async () => {
    // The jobs of turns that were left to a thread's worker are delivered once more.
    await expect
      .poll(() => fleet.status(), { timeout: 20_000 })
      .toMatchObject({ waiting: 0, delayed: 0 });
    const status = await fleet.status();
    expect(status.workers.map(({ id }) => id).toSorted()).toEqual(
      test.workers.map(({ id }) => id).toSorted(),
    );
    expect(status).toMatchObject({
      capacity: 16,
      running: 0,
      waiting: 0,
      oldestMs: null,
      stuck: [],
    });
  });
});
