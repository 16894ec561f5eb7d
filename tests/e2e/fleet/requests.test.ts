import { afterAll, beforeAll, expect, it } from "vitest";
import type { Fleet, FleetRequest } from "../../../src/fleet/index.ts";
import { tool } from "../../../src/index.ts";
import { command, functionCall } from "../../../src/testing/index.ts";
import { deferred } from "../../../src/util/deferred.ts";
import { failureOf } from "../../support/e2e.ts";
import { TestFleet } from "../../support/fleet.ts";
import { describeWithRedis } from "../../support/redis.ts";

const SOON = { timeoutMs: 20_000 };
const ESCALATED = command("echo approved", { escalate: "needs it" });
const ASK = { threadOptions: { approvalPolicy: "on-request", sandbox: "read-only" } } as const;

async function nextRequest(fleet: Fleet, turn: string): Promise<FleetRequest> {
  for await (const request of fleet.requests) if (request.turn === turn) return request;
  throw new Error("the fleet was closed");
}

describeWithRedis("requests of a fleet", () => {
  let test: TestFleet;
  let fleet: Fleet;
  let other: Fleet;

  beforeAll(async () => {
    test = await TestFleet.start();
    fleet = test.fleet();
    other = test.fleet();
    await test.worker({ lockMs: 1_000, keepMs: 60_000 });
  });
  afterAll(async () => {
    await test?.[Symbol.asyncDispose]();
  });

  it("lists and answers them in any process", async () => {
    test.model.enqueue(ESCALATED, "done");
    const turn = await fleet.run("go", { thread: "asks", tenant: "ada", ...ASK });
    const request = await nextRequest(other, turn.id);
    expect(request).toMatchObject({
      ...{ kind: "command", thread: "asks", tenant: "ada", worker: test.workers[0]?.id },
    });
    expect((await turn.requests.list()).map(({ id }) => id)).toEqual([request.id]);
    expect(await failureOf(other.requests.answer(request.id, "nonsense"))).toMatchObject({
      code: "INVALID_ANSWER",
    });
    await other.requests.answer(request.id, "accept");
    const result = await turn.run(SOON);
    const [item] = result.items.filter(({ type }) => type === "commandExecution");
    expect(item).toMatchObject({ status: "completed" });
    expect(await fleet.requests.list()).toEqual([]);
    expect(await failureOf(other.requests.answer(request.id, "accept"))).toMatchObject({
      ...{ code: "REQUEST_SETTLED", reason: "turnEnded" },
    });
  });

  it("says which request an answer doesn't fit, what is wrong, and that another process was faster", async () => {
    const options = ["Red", "Blue"].map((label) => ({ label, description: "" }));
    const questions = [{ id: "colour", header: "Colour", question: "Which?", options }];
    test.model.enqueue(functionCall("request_user_input", { questions }), "done");
    const config = { features: { default_mode_request_user_input: true } };
    const turn = await fleet.run("go", { thread: "form", threadOptions: { config } });
    const { id } = await nextRequest(other, turn.id);
    expect(await failureOf(other.requests.answer(id, "accept", { color: "Red" }))).toMatchObject({
      ...{ code: "INVALID_ANSWER", requestId: id },
      issues: [{ path: ["color"], message: expect.stringContaining("isn't the id of a question") }],
      message: expect.not.stringMatching(/The answer to request.*The answer to request/),
    });
    const answers = [fleet, other].map((one) =>
      one.requests.answer(id, "accept", { colour: "Red" }),
    );
    const outcomes = await Promise.allSettled(answers);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(outcomes.find(({ status }) => status === "rejected")).toMatchObject({
      reason: { code: "REQUEST_SETTLED", requestId: id, reason: "answered" },
    });
    expect((await turn.run(SOON)).text).toBe("done");
  });

  it("doesn't answer a request through another turn of the same server", async () => {
    test.model.enqueue(ESCALATED, ESCALATED, "done", "done");
    const asked = await fleet.run("go", { thread: "theirs", tenant: "ada", ...ASK });
    const theirs = await nextRequest(other, asked.id);
    const asking = await fleet.run("go", { thread: "mine", tenant: "bob", ...ASK });
    const mine = await nextRequest(other, asking.id);
    expect(mine.worker).toBe(theirs.worker);
    const forged = asking.id + theirs.id.slice(asked.id.length);
    expect(await failureOf(asking.requests.answer(forged, "accept"))).toMatchObject({
      code: "UNKNOWN_REQUEST",
    });
    expect((await asked.requests.list()).map(({ id }) => id)).toEqual([theirs.id]);
    await asked.requests.answer(theirs.id, "decline");
    await asking.requests.answer(mine.id, "decline");
    await Promise.all([asked.run(SOON), asking.run(SOON)]);
  });

  it("fails an answer to a request that it doesn't have", async () => {
    for (const id of ["nonsense", "nobody.nothing"]) {
      expect(await failureOf(fleet.requests.answer(id, "accept"))).toMatchObject({
        code: "UNKNOWN_REQUEST",
      });
    }
  });

  it("withdraws the requests of a lost worker", async () => {
    test.model.enqueue(ESCALATED);
    const turn = await fleet.run("go", { thread: "lost", ...ASK });
    const request = await nextRequest(other, turn.id);
    const [worker] = test.workers;
    await worker?.end("SIGKILL");
    await test.worker({ lockMs: 1_000 });
    const answering = failureOf(other.requests.answer(request.id, "accept", undefined, SOON));
    expect((await turn.run(SOON)).status).toBe("interrupted");
    expect(await answering).toMatchObject({ code: "REQUEST_SETTLED" });
    expect(await other.requests.list()).toEqual([]);
  });

  it("runs the tools of the workers by name", async () => {
    test.model.enqueue(functionCall("double", { n: 21 }), "done");
    const turn = await fleet.run("go", { tools: ["double"] });
    (await turn.run(SOON)).throwIfFailed();
    expect(test.model.requests.at(-1)?.lastOutput).toBe("42");
    const unknown = await fleet.run("go", { tools: ["nobody_has_it"] });
    expect(await failureOf(unknown.run(SOON))).toMatchObject({
      ...{ code: "FLEET_TURN_FAILED", message: expect.stringContaining("nobody_has_it") },
    });
  });

  it("runs the submitting process's tools in that process", async () => {
    const here: unknown[] = [];
    const note = tool({
      name: "note",
      description: "Notes a text.",
      input: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
      execute: ({ text }) => {
        here.push(text);
        return `noted ${text}`;
      },
    });
    test.model.enqueue(functionCall("note", { text: "a" }), "done");
    const turn = await fleet.run("go", { thread: "noting", tools: [note] });
    (await turn.run(SOON)).throwIfFailed();
    expect(here).toEqual(["a"]);
    expect(test.model.requests.at(-1)?.lastOutput).toBe("noted a");
    // A later turn whose process doesn't have the tool.
    test.model.enqueue(functionCall("note", { text: "b" }), "done");
    const next = await other.run("again", { thread: "noting" });
    (await next.run(SOON)).throwIfFailed();
    expect(test.model.requests.at(-1)?.lastOutput).toContain("isn't available in this turn");
  });

  it("fails a call when the process that runs the tool closes its fleet, without waiting for its last report to expire", async () => {
    const leaving = test.fleet();
    const called = deferred<void>();
    const slow = tool({
      name: "slow",
      description: "Never ends.",
      input: { type: "object", properties: {} },
      execute: () => {
        called.resolve();
        return new Promise<string>(() => {});
      },
    });
    test.model.enqueue(functionCall("slow", {}), "done");
    const { id } = await leaving.run("go", { thread: "leaving", tools: [slow] });
    await called.promise;
    await leaving.close();
    // A report lasts for 30 seconds.
    (await fleet.turn(id).run(SOON)).throwIfFailed();
    expect(test.model.requests.at(-1)?.lastOutput).toContain("has exited");
  });
});
