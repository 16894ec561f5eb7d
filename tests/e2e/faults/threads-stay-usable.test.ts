import { describe, expect, test } from "vitest";
import type { Codex, Thread } from "../../../src/index.ts";
import { Codex as Client } from "../../../src/index.ts";
import {
  Gate,
  isolatedHome,
  ScriptedModel,
  scriptedConfig,
  text,
} from "../../../src/testing/index.ts";
import { nextOf, sharedServer } from "../../support/e2e.ts";

const server = sharedServer({ script: (request) => `echo ${request.userText}` });
const IN_TIME = { timeoutMs: 8_000 };

async function usedThread(codex: Codex = server.codex): Promise<Thread> {
  const thread = await codex.threadStart();
  await thread.run("hi", IN_TIME);
  return thread;
}

function review(thread: Thread) {
  return server.codex.request("review/start", {
    threadId: thread.id,
    target: { type: "custom", instructions: "Look at it." },
  });
}

describe("a thread that is resumed while its turn ends accepts the next turn", () => {
  test("at 20 moments around the end", async () => {
    const thread = await usedThread();
    for (let round = 0; round < 20; round++) {
      const gate = new Gate();
      server.model.enqueue(text(["on", gate, "e"]));
      const turn = await thread.turn("one");
      await gate.reached;
      const ending = nextOf(server.codex, "item/completed", ({ item }) => {
        return item.type === "agentMessage";
      });
      gate.open();
      if (round % 2 === 0) await ending;
      for (let turns = 0; turns < round; turns++) await new Promise(setImmediate);
      const resumed = await server.codex.threadResume(thread.id);
      expect((await resumed.run(`next ${round}`, IN_TIME)).text).toBe(`echo next ${round}`);
      expect((await turn.run(IN_TIME)).text).toBe("one");
    }
  }, 60_000);
});

describe("a thread with a review accepts the next turn", () => {
  test("at once", async () => {
    const thread = await usedThread();
    await review(thread);
    expect((await thread.run("next", IN_TIME)).text).toBe("echo next");
  });

  test("after the review has ended, including when it is resumed then", async () => {
    const thread = await usedThread();
    const ended = nextOf(server.codex, "turn/completed", (p) => p.threadId === thread.id);
    await review(thread);
    await ended;
    expect((await thread.run("next", IN_TIME)).text).toBe("echo next");
    const again = nextOf(server.codex, "turn/completed", (p) => p.threadId === thread.id);
    await review(thread);
    await again;
    const resumed = await server.codex.threadResume(thread.id);
    expect((await resumed.run("more", IN_TIME)).text).toBe("echo more");
  });

  test("after another turn, and a third", async () => {
    const thread = await usedThread();
    await review(thread);
    const runs = ["one", "two", "three"].map((words) => thread.run(words, IN_TIME));
    expect((await Promise.all(runs)).map((run) => run.text)).toEqual([
      "echo one",
      "echo two",
      "echo three",
    ]);
  });
});

describe("a compaction right after a resume in a new process", () => {
  test("8 times holds back the next turn, which is then answered", async () => {
    await using model = await ScriptedModel.start((request) => `echo ${request.userText}`);
    await using home = await isolatedHome(scriptedConfig(model.url));
    const client = () => new Client({ env: home.env, cwd: home.path });
    const ids: string[] = [];
    {
      await using first = client();
      for (let n = 0; n < 8; n++) ids.push((await usedThread(first)).id);
    }
    await using second = client();
    for (const id of ids) {
      const thread = await second.threadResume(id);
      const compacting = thread.compact();
      const running = thread.run("next", IN_TIME);
      await compacting;
      expect((await running).text).toBe("echo next");
    }
  }, 60_000);
});
