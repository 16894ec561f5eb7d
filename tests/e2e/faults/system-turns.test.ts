import { describe, expect, test } from "vitest";
import type { Thread } from "../../../src/index.ts";
import { functionCall, Gate, text } from "../../../src/testing/index.ts";
import { nextOf, sharedServer } from "../../support/e2e.ts";

const server = sharedServer({
  script: (request) => `echo ${request.userText}`,
  config: { features: { goals: true } },
});
const IN_TIME = { timeoutMs: 8_000 };
const UNSANDBOXED = { sandbox: "danger-full-access", approvalPolicy: "never" } as const;

const input = (words: string) => [{ type: "text" as const, text: words, text_elements: [] }];

/** The user's messages in this turn, as the server has stored them. */
async function saidIn(thread: Thread, turnId: string): Promise<string[]> {
  const { turns } = (await thread.read({ includeTurns: true })).thread;
  const items = turns.find(({ id }) => id === turnId)?.items ?? [];
  return items.flatMap((item) =>
    item.type === "userMessage" ? item.content.map((part) => "text" in part && part.text) : [],
  ) as string[];
}

const asked = (words: string) => server.model.requests.filter((one) => one.userText === words);

describe("run() right after a shell command of the user", () => {
  test("asks the model and returns its answer, 5 times", async () => {
    const thread = await server.codex.threadStart(UNSANDBOXED);
    for (let round = 0; round < 5; round++) {
      const question = `QUESTION ${round}`;
      const command = "sleep 0.05; echo hi";
      const shell = server.codex.request("thread/shellCommand", { threadId: thread.id, command });
      const result = await thread.run(question, IN_TIME);
      await shell;
      expect([result.status, result.text]).toEqual(["completed", `echo ${question}`]);
      expect(asked(question)).toHaveLength(1);
      expect(await saidIn(thread, result.turnId)).toEqual([question]);
    }
  });

  test("waits for the command to end if the response came first", async () => {
    const thread = await server.codex.threadStart(UNSANDBOXED);
    const ended = nextOf(server.codex, "item/completed", ({ item }) => {
      return item.type === "commandExecution";
    });
    let isOver = false;
    void ended.then(() => {
      isOver = true;
    });
    const command = "sleep 0.3; echo hi";
    await server.codex.request("thread/shellCommand", { threadId: thread.id, command });
    expect((await thread.run("after it", IN_TIME)).text).toBe("echo after it");
    expect(isOver).toBe(true);
  });

  test("the command waits for a turn that runs", async () => {
    const gate = new Gate();
    server.model.enqueue(text(["be", gate, "fore"]));
    const thread = await server.codex.threadStart(UNSANDBOXED);
    const turn = await thread.turn("hold");
    await gate.reached;
    let answered = false;
    const shell = server.codex
      .request("thread/shellCommand", { threadId: thread.id, command: "echo hi" })
      .then(() => {
        answered = true;
      });
    await server.codex.modelList();
    expect(answered).toBe(false);
    gate.open();
    expect((await turn.run(IN_TIME)).items.map(({ type }) => type)).toEqual([
      "userMessage",
      "agentMessage",
    ]);
    await shell;
  });
});

describe("the server's own queue", () => {
  test("and a waiting run() create two separate turns, 6 times", async () => {
    for (let round = 0; round < 6; round++) {
      const gate = new Gate();
      server.model.enqueue(text(["be", gate, "fore"]));
      const thread = await server.codex.threadStart();
      const turn = await thread.turn("first");
      await gate.reached;
      const add = () =>
        server.codex.request("thread/queue/add", {
          threadId: thread.id,
          clientUserMessageId: `queued-${round}`,
          input: input(`queued ${round}`),
        });
      if (round % 2 === 0) await add();
      const waiting = thread.run("mine", IN_TIME);
      if (round % 2 === 1) await add();
      gate.open();
      await turn.run(IN_TIME);
      const result = await waiting;
      expect(result.text).toBe("echo mine");
      expect(await saidIn(thread, result.turnId)).toEqual(["mine"]);
      const { turns } = (await thread.read({ includeTurns: true })).thread;
      expect(turns).toHaveLength(3);
      expect(asked(`queued ${round}`)).toHaveLength(1);
    }
  });

  test("set on an idle thread runs before a run() that is called immediately afterwards", async () => {
    const thread = await server.codex.threadStart();
    const adding = server.codex.request("thread/queue/add", {
      threadId: thread.id,
      clientUserMessageId: "queued-2",
      input: input("queued early"),
    });
    const result = await thread.run("then mine", IN_TIME);
    await adding;
    expect(result.text).toBe("echo then mine");
    expect(await saidIn(thread, result.turnId)).toEqual(["then mine"]);
    expect(asked("queued early")).toHaveLength(1);
  });
});

describe("raw requests that start a turn take the thread's slot", () => {
  const raw = {
    "thread/compact/start": {},
    "review/start": { target: { type: "custom", instructions: "Look." } },
  };
  test.each(Object.entries(raw))("%s holds run() back", async (method, params) => {
    const thread = await server.codex.threadStart();
    await thread.run("hi", IN_TIME);
    const requests = server.codex.request(method as string, { threadId: thread.id, ...params });
    const result = await thread.run("next", IN_TIME);
    await requests;
    expect(result.text).toBe("echo next");
    expect(await saidIn(thread, result.turnId)).toEqual(["next"]);
  });

  test.each(Object.entries(raw))("%s waits for a turn that runs", async (method, params) => {
    const thread = await server.codex.threadStart();
    const gate = new Gate();
    server.model.enqueue(text(["who", gate, "le"]));
    const turn = await thread.turn("hold");
    await gate.reached;
    const request = server.codex.request(method as string, { threadId: thread.id, ...params });
    await server.codex.modelList();
    gate.open();
    expect(await turn.run(IN_TIME)).toMatchObject({ status: "completed", text: "whole" });
    await request;
    expect((await thread.run("next", IN_TIME)).text).toBe("echo next");
  });

  test("turn/start holds back run() too, and neither is merged into the other", async () => {
    const thread = await server.codex.threadStart();
    const started = server.codex.request("turn/start", {
      threadId: thread.id,
      input: input("raw"),
    });
    const result = await thread.run("mine", IN_TIME);
    await started;
    expect(await saidIn(thread, result.turnId)).toEqual(["mine"]);
  });
});

describe("a goal", () => {
  test.each(["before", "after"])(
    "set just before run(), which is called %s its answer, has its own turn",
    async (when) => {
      const { codex, model } = server;
      const thread = await codex.threadStart();
      model.respond((request) => {
        if (request.userText === "mine") return "echo mine";
        if (request.lastOutput !== undefined) return "done";
        return functionCall("update_goal", { status: "complete" });
      });
      try {
        const completed = nextOf(codex, "thread/goal/updated", ({ goal }) => {
          return goal.status === "complete";
        });
        const goal = { threadId: thread.id, objective: "be good", status: "active" } as const;
        const setting = codex.request("thread/goal/set", goal);
        if (when === "after") await setting;
        const result = await thread.run("mine", IN_TIME);
        await setting;
        expect(result.text).toBe("echo mine");
        expect(result.items.map(({ type }) => type)).toEqual(["userMessage", "agentMessage"]);
        await completed;
      } finally {
        model.respond((request) => `echo ${request.userText}`);
      }
    },
  );
});
