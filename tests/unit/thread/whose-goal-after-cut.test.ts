import { afterEach, describe, expect, it, vi } from "vitest";
import type { FakeRequest } from "../../../src/testing/fake-app-server.ts";
import { turnCompleted } from "../../support/fake.ts";
import { listOf, threadIs } from "../../support/running-turn.ts";
import { change, client, isAnsweredSoon } from "../../support/whose-turn.ts";

const COMMAND = "item/commandExecution/requestApproval";
const asking = { threadId: "t1", turnId: "g1", itemId: "i2", command: "ls" };
const goal = { objective: "win", status: "active" };
const byGoal = (...items: object[]) =>
  listOf({ id: "g1", rootTurnId: "g1", status: "inProgress", items });

type Scene = Awaited<ReturnType<typeof client>>;
const setsGoal = async ({ server, codex }: Scene, params: object) => {
  const setting = codex.request("thread/goal/set", { threadId: "t1", ...params });
  (await server.request("thread/goal/set")).respond({ goal });
  await setting;
};

afterEach(() => void vi.useRealTimers());

describe("a turn without a message that began during a cut", () => {
  /** This client has set a goal, and the server reports `snapshot` while the thread is resumed. */
  async function afterCut(snapshot: [method: string, params: object] | undefined) {
    const scene = await client({ approvals: "accept" });
    const { server, codex } = scene;
    await setsGoal(scene, { objective: "win" });
    server.answer("thread/turns/list", () => byGoal(change));
    server.answer("thread/resume", () => {
      if (snapshot) server.notify(...snapshot);
      return threadIs("active");
    });
    server.disconnect();
    await expect.poll(() => codex.status.state).toBe("ready");
    return scene;
  }

  const reported = (objective: string): [string, object] => [
    "thread/goal/updated",
    { threadId: "t1", turnId: null, goal: { objective, status: "active" } },
  ];

  it.each<[string, boolean, [string, object]]>([
    ["this client's if its goal is still the thread's", true, reported("win")],
    ["another client's if that client has replaced the goal", false, reported("lose")],
    [
      "left to others if there is no goal now: another client may have replaced it before",
      false,
      ["thread/goal/cleared", { threadId: "t1" }],
    ],
  ])("is %s", async (_, isOurs, snapshot) => {
    const { server, codex } = await afterCut(snapshot);
    expect(await isAnsweredSoon(server.ask(COMMAND, asking))).toBe(isOurs);
    await codex.close();
  });

  it("is this client's once the server has reported its goal", async () => {
    const { server, codex } = await afterCut(undefined);
    const asked = server.ask(COMMAND, asking);
    expect(await isAnsweredSoon(asked)).toBe(false);
    server.notify(...reported("win"));
    expect(await asked).toMatchObject({ result: { decision: "accept" } });
    await codex.close();
  });
});

describe("a thread with an active goal and no handle", () => {
  const threadId = "t9";

  /** The thread is idle after a turn of its goal; `resumes` counts the attempts to resume it. */
  async function idleWithGoal() {
    const { server, codex } = await client();
    const setting = codex.request("thread/goal/set", { threadId, objective: "win" });
    (await server.request("thread/goal/set")).respond({ goal });
    await setting;
    server.notify("turn/started", { threadId, turn: { id: "g1", rootTurnId: "g1" } });
    server.notify(...turnCompleted(threadId, "g1"));
    server.notify("thread/status/changed", { threadId, status: { type: "idle" } });
    await new Promise(setImmediate);
    const resumes = () =>
      server.received.filter(
        ({ method, params }) =>
          method === "thread/resume" && (params as { threadId: string }).threadId === threadId,
      ).length;
    return { server, codex, resumes };
  }

  it.each([
    ["is forgotten if the server no longer has it", -32600, "thread not found: t9", 1],
    ["is resumed again after a failure inside the server", -32603, "not now", 2],
  ])("%s", async (_, code, message, times) => {
    const { server, codex, resumes } = await idleWithGoal();
    server.answer("thread/resume", (params, request) =>
      params.threadId === threadId ? request.fail(code, message) : threadIs("idle"),
    );
    server.disconnect();
    await expect.poll(resumes).toBe(1);
    await new Promise(setImmediate);
    server.disconnect();
    await expect.poll(() => codex.status.state).toBe("ready");
    await codex.request("thread/read", { threadId: "t1" });
    expect(resumes()).toBe(times);
    await codex.close();
  });

  it("is forgotten if the server reports that it isn't loaded", async () => {
    const { server, codex, resumes } = await idleWithGoal();
    server.notify("thread/status/changed", { threadId, status: { type: "notLoaded" } });
    await new Promise(setImmediate);
    server.disconnect();
    await expect.poll(() => codex.status.state).toBe("ready");
    await codex.request("thread/read", { threadId: "t1" });
    expect(resumes()).toBe(0);
    await codex.close();
  });
});

describe("a turn that asks before the server lists any item of it", () => {
  async function asked() {
    const scene = await client({ approvals: "accept" });
    const { server } = scene;
    const lists: FakeRequest[] = [];
    server.answer("thread/turns/list", (_params, request) => void lists.push(request));
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    let isAnswered = false;
    server.ask(COMMAND, asking).then(() => {
      isAnswered = true;
    });
    /** The server answers like this for a while. */
    const answers15s = async (list: object) => {
      for (let count = 0; count < 40; count++) {
        for (let round = 0; round < 5; round++) await new Promise(setImmediate);
        for (const one of lists.splice(0)) one.respond(list);
        await vi.advanceTimersByTimeAsync(500);
      }
    };
    const lists15s = (...items: object[]) => answers15s(byGoal(...items));
    return { ...scene, answers15s, lists15s, isAnswered: () => isAnswered };
  }

  it("works on this client's goal if no message is listed for 15 s", async () => {
    const { codex, lists15s, isAnswered, ...scene } = await asked();
    await setsGoal({ codex, ...scene }, { status: "active" });
    await lists15s();
    expect(isAnswered()).toBe(true);
    await codex.close();
  });

  it("works on this client's goal if the server doesn't list the turn at all", async () => {
    const { codex, answers15s, isAnswered, ...scene } = await asked();
    await setsGoal({ codex, ...scene }, { status: "active" });
    await answers15s(listOf());
    expect(isAnswered()).toBe(true);
    await codex.close();
  });

  it("works on it even if this client resumes the goal later", async () => {
    const { codex, lists15s, isAnswered, ...scene } = await asked();
    await lists15s();
    expect(isAnswered()).toBe(false);
    await setsGoal({ codex, ...scene }, { status: "active" });
    expect(isAnswered()).toBe(true);
    await codex.close();
  });
});
