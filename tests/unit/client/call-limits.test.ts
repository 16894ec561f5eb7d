import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RequestOptions } from "../../../src/index.ts";
import {
  Codex,
  type InputItem,
  RequestTimeoutError,
  ServerBusyError,
  type Thread,
} from "../../../src/index.ts";
import { FakeAppServer } from "../../../src/testing/fake-app-server.ts";
import { failureOf } from "../../support/e2e.ts";
import { fakeClient, turnCompleted, turnStarted } from "../../support/fake.ts";

let folder: string;
/** An input whose check needs an answer from the server. */
let skill: InputItem;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "codex-limits-"));
  const path = join(folder, "SKILL.md");
  await writeFile(path, "---\nname: x\ndescription: y\n---\n");
  skill = { type: "skill", name: "x", path };
});

afterAll(() => rm(folder, { recursive: true }));

type Call = (thread: Thread, options: RequestOptions, codex: Codex) => Promise<unknown>;

const checked: [name: string, call: Call][] = [
  ["run()", (thread, options) => thread.run(skill, options)],
  ["turn()", (thread, options) => thread.turn(skill, options)],
  ["queue()", (thread, options) => thread.queue(skill, options)],
];

const steering: [name: string, call: Call] = [
  "steer()",
  async (thread, options) => (await thread.activeTurn())?.steer(skill, options),
];

/** A thread with a running turn, on a server that never lists its skills. */
async function withoutSkills() {
  const { server, codex } = fakeClient({ requestTimeoutMs: 0 });
  const running = { id: "u1", status: "inProgress", items: [] };
  server.answer("thread/turns/list", () => ({ data: [running], nextCursor: null }));
  const thread = await codex.threadStart();
  server.notify(...turnStarted("t1", "u1"));
  return { server, codex, thread };
}

test.each([...checked, steering])(
  "the time limit of %s ends the check of its input",
  async (_name, call) => {
    const { codex, thread } = await withoutSkills();
    const error = await failureOf(call(thread, { timeoutMs: 20 }, codex));
    expect(error).toBeInstanceOf(RequestTimeoutError);
    await codex.close();
  },
);

test.each([...checked, steering])(
  "the signal of %s ends the check of its input",
  async (_name, call) => {
    const { server, codex, thread } = await withoutSkills();
    const controller = new AbortController();
    const aborted = failureOf(call(thread, { signal: controller.signal }, codex));
    await server.request("skills/list");
    controller.abort(new Error("enough"));
    expect((await aborted).message).toBe("enough");
    await codex.close();
  },
);

const others: [name: string, call: Call][] = [
  ["compact()", (thread, options) => thread.compact(options)],
  ["shell()", (thread, options) => thread.shell("true", options)],
  ["review()", (thread, options) => thread.review({ type: "uncommittedChanges" }, options)],
  ...["turn/start", "review/start", "thread/compact/start", "thread/shellCommand"].map(
    (method): [string, Call] => [
      `the request ${method}`,
      ({ id: threadId }, options, codex) => codex.request(method as string, { threadId }, options),
    ],
  ),
];

test.each(others)(
  "the time limit of %s includes the wait for another turn",
  async (_name, call) => {
    const { server, codex } = fakeClient();
    server.answer("thread/read", () => ({ thread: { id: "t1", status: { type: "active" } } }));
    const thread = await codex.threadStart();
    server.notify("thread/status/changed", { threadId: "t1", status: { type: "active" } });
    expect(await failureOf(call(thread, { timeoutMs: 20 }, codex))).toBeInstanceOf(
      RequestTimeoutError,
    );
    await codex.close();
  },
);

test("the time limit of review() ends when the review has started, and its signal doesn't", async () => {
  const { server, codex } = fakeClient();
  const thread = await codex.threadStart();
  const controller = new AbortController();
  const { signal } = controller;
  const starting = thread.review({ type: "uncommittedChanges" }, { timeoutMs: 50, signal });
  (await server.request("review/start")).respond({ turn: { id: "u1" } });
  const review = await starting;
  server.notify(...turnStarted("t1", "u1"));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(server.received.map(({ method }) => method)).not.toContain("turn/interrupt");
  controller.abort();
  (await server.request("turn/interrupt")).respond({});
  server.notify(...turnCompleted("t1", "u1", "interrupted"));
  await expect(review.run()).rejects.toThrow("interrupted");
  await codex.close();
});

test("a compaction that doesn't end in time is interrupted", async () => {
  const { server, codex } = fakeClient();
  const thread = await codex.threadStart();
  const compacting = failureOf(thread.compact({ timeoutMs: 50 }));
  (await server.request("thread/compact/start")).respond({});
  server.notify(...turnStarted("t1", "u1"));
  (await server.request("turn/interrupt")).respond({});
  expect(await compacting).toBeInstanceOf(RequestTimeoutError);
  await codex.close();
});

test("agents() isn't empty if the server doesn't answer, or is too busy: it fails", async () => {
  const { server, codex } = fakeClient({ retryOnOverload: false });
  const thread = await codex.threadStart();
  expect(await failureOf(thread.agents({ timeoutMs: 20 }))).toBeInstanceOf(RequestTimeoutError);
  server.answer("thread/list", (_params, request) => void request.fail(-32001, "overloaded"));
  expect(await failureOf(thread.agents())).toBeInstanceOf(ServerBusyError);
  await codex.close();
});

test("timeline() isn't empty if the server is too busy: it fails", async () => {
  const { server, codex } = fakeClient({ retryOnOverload: false });
  const busy = (_params: unknown, request: { fail(code: number, text: string): void }) =>
    void request.fail(-32001, "overloaded");
  server
    .answer("thread/read", ({ includeTurns }, request) =>
      includeTurns ? busy(undefined, request) : { thread: { id: "t1" } },
    )
    .answer("thread/goal/get", () => ({ goal: null }))
    .answer("thread/turns/list", busy);
  const thread = await codex.threadStart();
  expect(await failureOf(thread.timeline())).toBeInstanceOf(ServerBusyError);
  await codex.close();
});

test("compact(), shell() and goal.run() keep the program alive until they have ended", async () => {
  const server = new FakeAppServer();
  let isKept = true;
  const transport = {
    ...server.endpoint,
    connect: async (signal: AbortSignal) => ({
      ...(await server.endpoint.connect(signal)),
      keepAlive: (on: boolean) => {
        isKept = on;
      },
    }),
  };
  const codex = new Codex({ transport, keepAlive: false });
  server.answer("thread/start", () => ({ thread: { id: "t1", status: { type: "idle" } } }));
  const thread = await codex.threadStart();
  const goal = { objective: "x", status: "active" };
  const calls: [method: string, call: () => Promise<unknown>, answer: object][] = [
    ["thread/compact/start", () => thread.compact(), {}],
    ["thread/shellCommand", async () => (await thread.shell("true")).run(), {}],
    ["thread/goal/set", () => thread.goal.run("x"), { goal }],
  ];
  for (const [index, [method, call, answer]] of calls.entries()) {
    const done = call();
    (await server.request(method)).respond(answer);
    await new Promise(setImmediate);
    expect(isKept).toBe(true);
    const id = `u${index}`;
    server.notify(...turnStarted("t1", id));
    await new Promise(setImmediate);
    expect(isKept).toBe(true);
    server.notify(...turnCompleted("t1", id));
    server.notify("thread/goal/updated", {
      threadId: "t1",
      goal: { ...goal, status: "complete" },
    });
    await done;
    await new Promise(setImmediate);
    expect(isKept).toBe(false);
  }
  await codex.close();
});
