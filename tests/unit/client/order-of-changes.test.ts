import fc from "fast-check";
import { expect, test } from "vitest";
import { RequestTimeoutError, type Thread } from "../../../src/index.ts";
import type { FakeAppServer, FakeRequest } from "../../../src/testing/fake-app-server.ts";
import { fakeClient, turnCompleted, turnStarted } from "../../support/fake.ts";

const BUSY = "Server overloaded; retry later.";
const WIDE = { type: "dangerFullAccess" } as const;
const NARROW = { type: "readOnly", networkAccess: false } as const;

type Params = Readonly<Record<string, unknown>>;

interface Call {
  readonly method: string;
  /** `mark` identifies the call in its params. */
  readonly make: (thread: Thread, mark: string) => Promise<unknown>;
  readonly markIn: (params: Params) => unknown;
  /** The methods of the earlier calls that this one must not overtake. */
  readonly after: RegExp;
}

const CHANGES = "settings/update|thread/revert|thread/fork|inject_items|archive";
const WORK = "turn/start|queue/add|goal/set";
const textIn = ({ input }: Params) => (input as { text: string }[])[0]?.text;

const TURN = {
  method: "turn/start",
  markIn: textIn,
  after: new RegExp(`${CHANGES}|turn/start`),
};

const CALLS: Readonly<Record<string, Call>> = {
  run: { ...TURN, make: (thread, mark) => thread.run(mark) },
  // Checking the directory takes time.
  runInDirectory: { ...TURN, make: (thread, mark) => thread.run(mark, { cwd: process.cwd() }) },
  updateSettings: {
    method: "thread/settings/update",
    make: (thread, mark) => thread.updateSettings({ model: mark }),
    markIn: ({ model }) => model,
    after: new RegExp(`${CHANGES}|${WORK}`),
  },
  revert: {
    method: "thread/revert",
    make: (thread, mark) => thread.revert(mark),
    markIn: ({ turnId, lastTurnId, beforeTurnId }) => turnId ?? lastTurnId ?? beforeTurnId,
    after: new RegExp(`${CHANGES}|${WORK}`),
  },
  fork: {
    method: "thread/fork",
    make: (thread, mark) => thread.fork({ model: mark }),
    markIn: ({ model }) => model,
    after: new RegExp(`${CHANGES}|${WORK}`),
  },
  queue: {
    method: "thread/queue/add",
    make: (thread, mark) => thread.queue(mark),
    markIn: textIn,
    after: new RegExp(`${CHANGES}|turn/start|queue/add`),
  },
  pauseGoal: {
    method: "thread/goal/set",
    make: (thread) => thread.goal.pause(),
    markIn: () => undefined,
    after: new RegExp(`${CHANGES}|goal/set`),
  },
  setName: {
    method: "thread/name/set",
    make: (thread, mark) => thread.setName(mark),
    markIn: ({ name }) => name,
    after: /name\/set|archive/,
  },
  archive: {
    method: "thread/archive",
    make: (thread) => thread.archive(),
    markIn: () => undefined,
    after: new RegExp(`${CHANGES}|${WORK}|name/set`),
  },
};

/** What the server answers, by method. */
const ANSWERS: Readonly<Record<string, (mark: unknown) => object>> = {
  "turn/start": (mark) => ({ turn: { id: `turn-${mark}`, status: "inProgress", items: [] } }),
  "thread/revert": () => ({ thread: { id: "t1" } }),
  "thread/fork": (mark) => ({ thread: { id: `fork-${mark}`, status: { type: "idle" } } }),
  "thread/queue/add": () => ({ queuedSubmission: {} }),
  "thread/goal/set": () => ({ goal: { objective: "all", status: "paused" } }),
};

/** Refuses some requests, answers the others in their order, and returns those in the order of acceptance. */
function answerAll(server: FakeAppServer, refusals: readonly boolean[]): [string, unknown][] {
  const accepted: [string, unknown][] = [];
  let count = 0;
  server.answer("thread/queue/list", () => ({ data: [] }));
  server.answer("thread/read", () => ({ thread: { id: "t1", status: { type: "idle" } } }));
  server.answer("thread/resume", () => ({ thread: { id: "t1", status: { type: "idle" } } }));
  server.answer("thread/turns/list", () => ({ data: [] }));
  for (const { method, markIn } of Object.values(CALLS)) {
    server.answer(method, (params: Params, request: FakeRequest) => {
      if (refusals[count++]) {
        request.fail(-32001, BUSY);
        return undefined;
      }
      const mark = markIn(params);
      accepted.push([method, mark]);
      if (method === "turn/start") {
        queueMicrotask(() => {
          server.notify(...turnStarted("t1", `turn-${mark}`));
          server.notify(...turnCompleted("t1", `turn-${mark}`));
        });
      }
      return ANSWERS[method]?.(mark) ?? {};
    });
  }
  return accepted;
}

/** The requests to change settings, which the server doesn't answer by itself. */
function holdSettings(server: FakeAppServer): FakeRequest[] {
  const held: FakeRequest[] = [];
  server.answer("thread/settings/update", (_params, request) => {
    held.push(request);
    return undefined;
  });
  return held;
}

/** The pairs of accepted requests whose order isn't the one of their calls, although it must be. */
function overtaken(names: readonly string[], accepted: readonly [string, unknown][]): string[] {
  const calls = names.map((name, index) => {
    const call = CALLS[name] as Call;
    const earlier = names.slice(0, index).filter((other) => other === name).length;
    // Calls of one method without marks are known to be equal.
    const isMarked =
      call.markIn !== CALLS.pauseGoal?.markIn && name !== "archive" && name !== "pauseGoal";
    const places = [...accepted.keys()].filter((place) => {
      const [method, mark] = accepted[place] as [string, unknown];
      return method === call.method && (!isMarked || mark === `m${index}`);
    });
    return { name, ...call, place: places[isMarked ? 0 : earlier] ?? Number.NaN };
  });
  return calls.flatMap((later, index) =>
    calls.slice(0, index).flatMap((earlier, before) => {
      if (!later.after.test(earlier.method) || earlier.place < later.place) return [];
      // A turn that waits for another one gets later changes.
      const waits =
        earlier.method === "turn/start" && /run|queue/.test(`${names.slice(0, before)}`);
      return waits ? [] : [`${later.name} ${index} overtook ${earlier.name} ${before}`];
    }),
  );
}

test("no call overtakes an earlier one of its thread that it depends on, whatever the server refuses", async () => {
  const names = fc.array(fc.constantFrom(...Object.keys(CALLS)), { minLength: 2, maxLength: 8 });
  const refusals = fc.array(fc.boolean(), { minLength: 12, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(names, refusals, async (names, refusals) => {
      const retryOnOverload = { initialDelayMs: 1, maxDelayMs: 1, maxAttempts: 20 };
      const { server, codex } = fakeClient({ retryOnOverload });
      const accepted = answerAll(server, refusals);
      const thread = await codex.threadStart();
      await Promise.all(names.map((name, index) => CALLS[name]?.make(thread, `m${index}`)));
      expect(accepted).toHaveLength(names.length);
      expect(overtaken(names, accepted)).toEqual([]);
      await codex.close();
    }),
    { numRuns: 60 },
  );
});

test("a turn doesn't get settings that are changed after the call", async () => {
  const { server, codex } = fakeClient();
  answerAll(server, []);
  const thread = await codex.threadStart();
  await Promise.all([thread.run("go"), thread.updateSettings({ sandboxPolicy: WIDE })]);
  const methods = server.received.map(({ method }) => method);
  expect(methods.slice(-2)).toEqual(["turn/start", "thread/settings/update"]);
  await codex.close();
});

test("a turn isn't started while it is unclear whether earlier settings apply, and says so", async () => {
  const { server, codex } = fakeClient({ requestTimeoutMs: 40 });
  holdSettings(server);
  const thread = await codex.threadStart();
  const changing = thread.updateSettings({ sandboxPolicy: NARROW }, { timeoutMs: 0 });
  changing.catch(() => {});
  const error = await thread.run("go").catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(RequestTimeoutError);
  expect(error).toMatchObject({
    message:
      "turn/start wasn't sent within 40 ms, because the server hasn't answered an earlier call",
  });
  await expect(thread.updateSettings({ sandboxPolicy: WIDE })).rejects.toThrow(RequestTimeoutError);
  expect(server.received.filter(({ method }) => /turn|settings/.test(String(method)))).toHaveLength(
    1,
  );
  await codex.close();
});

test("changes and turns between each other don't wait for a turn that takes longer to prepare", async () => {
  const { server, codex } = fakeClient();
  const accepted = answerAll(server, []);
  const thread = await codex.threadStart();
  const cwd = process.cwd();
  await Promise.all([
    thread.updateSettings({ model: "first" }),
    // Checking the directory takes time.
    thread.run("one", { cwd }),
    thread.updateSettings({ model: "second" }),
    thread.run("two"),
  ]);
  expect(accepted.map(([, mark]) => mark)).toEqual(["first", "one", "second", "two"]);
  await codex.close();
});

test("a change between turns of which some wait for others, and one takes time to prepare, is sent", async () => {
  const { server, codex } = fakeClient();
  const accepted = answerAll(server, []);
  const thread = await codex.threadStart();
  await Promise.all([
    thread.run("one"),
    thread.run("two"),
    thread.run("three", { cwd: process.cwd() }),
    thread.updateSettings({ model: "changed" }),
    thread.run("four"),
    thread.run("five"),
  ]);
  expect(accepted).toHaveLength(6);
  await codex.close();
});

test("a turn with its own time limit waits that long for earlier changes", async () => {
  const { server, codex } = fakeClient({ requestTimeoutMs: 20 });
  const held = holdSettings(server);
  const thread = await codex.threadStart();
  const changing = thread.updateSettings({ model: "first" }, { timeoutMs: 0 });
  const turns = [0, 60_000].map((timeoutMs) => thread.turn("go", { timeoutMs }));
  await expect(thread.turn("go")).rejects.toThrow("wasn't sent within 20 ms");
  server.answer("turn/start", ({ input }) => ({ turn: { id: JSON.stringify(input) } }));
  held[0]?.respond({});
  await Promise.all([changing, turns[0]]);
  turns[1]?.catch(() => {});
  await codex.close();
});

test("a call that gives up waiting lets no later one overtake the calls before it", async () => {
  const { server, codex } = fakeClient();
  const held = holdSettings(server);
  const thread = await codex.threadStart();
  const first = thread.updateSettings({ model: "first" });
  const second = thread.updateSettings({ model: "second" }, { timeoutMs: 5 });
  const third = thread.updateSettings({ model: "third" });
  await expect(second).rejects.toThrow(RequestTimeoutError);
  expect(held.map(({ params }) => params.model)).toEqual(["first"]);
  held[0]?.respond({});
  await first;
  server.answer("thread/settings/update", (params) => {
    expect(params.model).toBe("third");
    return {};
  });
  await third;
  await codex.close();
});

test("a name that the server doesn't confirm holds back no turn", async () => {
  const { server, codex } = fakeClient();
  const accepted = answerAll(server, []);
  server.answer("thread/name/set", () => undefined);
  const thread = await codex.threadStart();
  thread.setName("mine").catch(() => {});
  await thread.run("go");
  expect(accepted).toEqual([["turn/start", "go"]]);
  await codex.close();
});

test("new settings don't wait for turns that wait for another one", async () => {
  const { server, codex } = fakeClient();
  server.answer("turn/start", () => ({ turn: { id: "u1" } }));
  const thread = await codex.threadStart();
  await thread.turn("first");
  const second = thread.run("second");
  await thread.updateSettings({ sandboxPolicy: NARROW });
  const starts = server.received.filter(({ method }) => method === "turn/start");
  expect(starts).toHaveLength(1);
  second.catch(() => {});
  await codex.close();
});
