import { describe, expect, it } from "vitest";
import { turnCompleted } from "../../support/fake.ts";
import { listOf, runningTurn, threadIs } from "../../support/running-turn.ts";
import { change, client, isAnsweredSoon, said } from "../../support/whose-turn.ts";

const input = [{ type: "text" as const, text: "hi", text_elements: [] }];

describe("a turn without a client's message", () => {
  const byGoal = (rootTurnId: string | null) => ({ id: "g1", rootTurnId, status: "inProgress" });
  const setBy = (turnId: string | null, objective = "win") => {
    return { threadId: "t1", turnId, goal: { objective, status: "active" } };
  };

  type Scene = Awaited<ReturnType<typeof client>>;
  const goalIs = async (
    { server, codex }: Scene,
    params: object,
    objective: string,
    status = "active",
  ) => {
    const setting = codex.request("thread/goal/set", { threadId: "t1", ...params });
    const goal = { objective, status };
    (await server.request("thread/goal/set")).respond({ goal });
    await setting;
  };
  const runsTurn = async ({ server, codex }: Scene, id: string) => {
    const starting = codex.request("turn/start", { threadId: "t1", input });
    (await server.request("turn/start")).respond({ turn: { id } });
    await starting;
    server.notify("turn/started", { threadId: "t1", turn: { id, rootTurnId: id } });
  };

  /** Whether a request of the turn "g1" is accepted, depending on the earlier notifications. */
  async function isAccepted(
    rootTurnId: string | null,
    before: (scene: Scene) => Promise<void> | void,
    item: object = change,
  ) {
    const scene = await client({ approvals: "accept" });
    const { server, codex } = scene;
    server.answer("thread/turns/list", () => listOf());
    await before(scene);
    server.notify("turn/started", { threadId: "t1", turn: byGoal(rootTurnId) });
    server.notify("item/started", { threadId: "t1", turnId: "g1", item });
    const params = { threadId: "t1", turnId: "g1", itemId: "i2", command: "ls" };
    const isAnswered = await isAnsweredSoon(
      server.ask("item/commandExecution/requestApproval", params),
    );
    await codex.close();
    return isAnswered;
  }

  it.each<[string, string | null, (scene: Scene) => Promise<void> | void]>([
    ["this client's goal", "g1", (scene) => goalIs(scene, { objective: "win" }, "win")],
    ["this client's goal, on an older server", null, (s) => goalIs(s, { objective: "win" }, "win")],
    [
      "this client's goal, although the answer to its request lacks the goal",
      "g1",
      async ({ server, codex }) => {
        const params = { threadId: "t1", objective: "win", status: "active" } as const;
        const setting = codex.request("thread/goal/set", params);
        (await server.request("thread/goal/set")).respond(null);
        await setting;
        server.notify("thread/goal/updated", setBy(null));
      },
    ],
    [
      "a goal that this client has resumed",
      "g1",
      async (scene) => {
        scene.server.notify("thread/goal/updated", setBy(null));
        await goalIs(scene, { status: "active" }, "win");
      },
    ],
    [
      "a goal that the agent has set in a turn of this client",
      null,
      async (scene) => {
        await runsTurn(scene, "u1");
        scene.server.notify("thread/goal/updated", setBy("u1"));
        scene.server.notify(...turnCompleted("t1", "u1"));
      },
    ],
    [
      "a goal that the agent has set in a turn of this client, many turns ago",
      "g1",
      async (scene) => {
        await runsTurn(scene, "u1");
        scene.server.notify("thread/goal/updated", setBy("u1"));
        scene.server.notify(...turnCompleted("t1", "u1"));
        for (let count = 1; count <= 70; count++) {
          await runsTurn(scene, `v${count}`);
          scene.server.notify(...turnCompleted("t1", `v${count}`));
        }
      },
    ],
    [
      "a turn of this client, which it names as its root",
      "u1",
      async (scene) => {
        await runsTurn(scene, "u1");
        scene.server.notify(...turnCompleted("t1", "u1"));
      },
    ],
  ])("is this client's if it works for %s", async (_, rootTurnId, before) => {
    expect(await isAccepted(rootTurnId, before)).toBe(true);
  });

  it("is this client's if codex.request() has set its goal on a thread without a handle", async () => {
    const { server, codex } = await client({ approvals: "accept" });
    const loaded = { thread: { id: "t2", status: { type: "idle" } } };
    server.answer("thread/resume", () => loaded);
    server.answer("thread/read", () => loaded);
    server.answer("thread/goal/set", () => ({ goal: { objective: "win", status: "active" } }));
    await codex.request("thread/goal/set", { threadId: "t2", objective: "win" });
    const status = (type: string) =>
      server.notify("thread/status/changed", { threadId: "t2", status: { type } });
    for (const id of ["g1", "g2"]) {
      status("active");
      server.notify("turn/started", { threadId: "t2", turn: { id, rootTurnId: id } });
      server.notify("item/started", { threadId: "t2", turnId: id, item: change });
      const params = { threadId: "t2", turnId: id, itemId: "i2", command: "ls" };
      const asked = server.ask("item/commandExecution/requestApproval", params, `of ${id}`);
      expect(await isAnsweredSoon(asked)).toBe(true);
      status("idle");
      server.notify(...turnCompleted("t2", id));
    }
    await codex.close();
  });

  it("stays this client's if the agent sets the next goal in it", async () => {
    const scene = await client({ approvals: "accept" });
    const { server, codex } = scene;
    server.answer("thread/turns/list", () => listOf());
    await goalIs(scene, { objective: "win" }, "win");
    server.notify("turn/started", { threadId: "t1", turn: byGoal("g1") });
    server.notify("thread/goal/updated", setBy("g1", "win again"));
    server.notify("item/started", { threadId: "t1", turnId: "g1", item: change });
    const params = { threadId: "t1", turnId: "g1", itemId: "i2", command: "ls" };
    const asked = server.ask("item/commandExecution/requestApproval", params);
    expect(await isAnsweredSoon(asked)).toBe(true);
    await codex.close();
  });

  it("stays this client's if the agent has set the next goal in it during a cut", async () => {
    const scene = await client({ approvals: "accept" });
    const { server, codex } = scene;
    const items = [change];
    server.answer("thread/turns/list", () => listOf({ ...byGoal("g1"), items }));
    await goalIs(scene, { objective: "win" }, "win");
    server.notify("turn/started", { threadId: "t1", turn: byGoal("g1") });
    server.notify("item/started", { threadId: "t1", turnId: "g1", item: change });
    await new Promise(setImmediate);
    server.disconnect();
    await expect.poll(() => codex.status.state).toBe("ready");
    server.notify("thread/goal/updated", setBy("g1", "win again"));
    const params = { threadId: "t1", turnId: "g1", itemId: "i2", command: "ls" };
    const answer = await server.ask("item/commandExecution/requestApproval", params);
    expect(answer).toMatchObject({ result: { decision: "accept" } });
    await codex.close();
  });

  it("is another client's if that client has set its goal while the thread was unsubscribed", async () => {
    const scene = await client({ approvals: "accept" });
    const { server, codex, thread } = scene;
    server.answer("thread/turns/list", () => listOf());
    server.answer("thread/unsubscribe", () => ({ status: "unsubscribed" }));
    await goalIs(scene, { objective: "win" }, "win");
    await thread.unsubscribe();
    await codex.threadResume("t1");
    server.notify("turn/started", { threadId: "t1", turn: byGoal("g1") });
    server.notify("thread/goal/updated", setBy("g1", "theirs"));
    server.notify("item/started", { threadId: "t1", turnId: "g1", item: change });
    const params = { threadId: "t1", turnId: "g1", itemId: "i2", command: "ls" };
    const asked = server.ask("item/commandExecution/requestApproval", params);
    expect(await isAnsweredSoon(asked)).toBe(false);
    await codex.close();
  });

  it.each<[string, string | null, (scene: Scene) => Promise<void> | void]>([
    [
      "another client has set its goal",
      "g1",
      ({ server }) => {
        server.notify("thread/goal/updated", setBy(null));
      },
    ],
    [
      "the same, on an older server",
      null,
      ({ server }) => {
        server.notify("thread/goal/updated", setBy(null));
      },
    ],
    [
      "another client has replaced this client's goal",
      "g1",
      async (scene) => {
        await goalIs(scene, { objective: "win" }, "win");
        scene.server.notify("thread/goal/updated", setBy(null, "lose"));
      },
    ],
    [
      "the agent has set its goal in another client's turn",
      "u1",
      ({ server }) => {
        server.notify("turn/started", { threadId: "t1", turn: { id: "u1", rootTurnId: "u1" } });
        server.notify("item/started", { threadId: "t1", turnId: "u1", item: said("another's") });
        server.notify("thread/goal/updated", setBy("u1"));
        server.notify(...turnCompleted("t1", "u1"));
      },
    ],
    [
      "this client has only paused that client's goal",
      "g1",
      async (scene) => {
        scene.server.notify("thread/goal/updated", setBy(null));
        await goalIs(scene, { status: "paused" }, "win", "paused");
        scene.server.notify("thread/goal/updated", setBy(null));
      },
    ],
    [
      "this client has only changed the budget of that client's goal",
      "g1",
      async (scene) => {
        scene.server.notify("thread/goal/updated", setBy(null));
        await goalIs(scene, { tokenBudget: 1_000 }, "win");
        scene.server.notify("thread/goal/updated", setBy(null));
      },
    ],
    ["nothing shows who has set its goal", "g1", () => {}],
  ])("is another client's if %s", async (_, rootTurnId, before) => {
    expect(await isAccepted(rootTurnId, before)).toBe(false);
  });

  it("is answered once this client resumes the goal that it has set in an earlier process", async () => {
    const scene = await client({ approvals: "accept" });
    const { server, codex } = scene;
    server.answer("thread/turns/list", () => listOf());
    server.notify("thread/goal/updated", setBy(null));
    server.notify("turn/started", { threadId: "t1", turn: byGoal("g1") });
    server.notify("item/started", { threadId: "t1", turnId: "g1", item: change });
    const params = { threadId: "t1", turnId: "g1", itemId: "i2", command: "ls" };
    let isAnswered = false;
    const answer = server.ask("item/commandExecution/requestApproval", params);
    answer.then(() => {
      isAnswered = true;
    });
    for (let count = 0; count < 20; count++) await new Promise(setImmediate);
    expect(isAnswered).toBe(false);
    await goalIs(scene, { status: "active" }, "win");
    expect(await answer).toMatchObject({ result: { decision: "accept" } });
    await codex.close();
  });

  it.each([
    ["this client's", true, async (scene: Scene) => await runsTurn(scene, "u1")],
    [
      "another client's",
      false,
      async ({ server }: Scene) => {
        server.notify("turn/started", { threadId: "t1", turn: { id: "u1", rootTurnId: "u1" } });
        server.notify("item/started", { threadId: "t1", turnId: "u1", item: said("another's") });
      },
    ],
  ] as const)(
    "is %s if a sub-agent of that client's turn gives work back",
    async (_, is, begin) => {
      const before = async (scene: Scene) => {
        await begin(scene);
        scene.server.notify(...turnCompleted("t1", "u1"));
      };
      expect(await isAccepted("u1", before, said(null))).toBe(is);
    },
  );

  it("is this client's if the history shows that a sub-agent of its turn has given work back", async () => {
    const { server, codex } = await runningTurn({ approvals: "accept" });
    server.answer("thread/resume", () => threadIs("active"));
    const items = [said(null)];
    const given = { id: "g1", rootTurnId: "u1", status: "inProgress", items };
    const ended = { id: "u1", rootTurnId: "u1", status: "completed", items: [] };
    server.answer("thread/turns/list", () => listOf(given, ended));
    server.disconnect();
    await expect.poll(() => codex.status.state).toBe("ready");
    const params = { threadId: "t1", turnId: "g1", itemId: "i2", command: "ls" };
    const answer = await server.ask("item/commandExecution/requestApproval", params);
    expect(answer).toMatchObject({ result: { decision: "accept" } });
    await codex.close();
  });

  it("is another client's if that client has started it with a tool's output", async () => {
    const output = { type: "functionCallOutput", id: "o1", name: "lookup", output: "done" };
    const before = (scene: Scene) => goalIs(scene, { objective: "win" }, "win");
    expect(await isAccepted("g1", before, output)).toBe(false);
  });
});
