import { mkdir } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { Codex, InvalidRequestError } from "../../src/index.ts";
import {
  Gate,
  isolatedHome,
  ScriptedModel,
  scriptedConfig,
  text,
} from "../../src/testing/index.ts";
import { collect, failureOf, nextOf, sharedServer } from "../support/e2e.ts";

const server = sharedServer({ script: (request) => `echo ${request.userText}` });

/** A thread with one turn. The server doesn't list or resume threads without a turn. */
async function usedThread(words = "hi", options = {}) {
  const thread = await server.codex.threadStart(options);
  await thread.run(words);
  return thread;
}

/** Who said what, as the model received it. */
function conversation(input: readonly { [field: string]: unknown }[]): string[] {
  return input
    .filter(({ type, role }) => type === "message" && role !== "developer")
    .map(({ role, content }) => `${role}: ${(content as { text: string }[]).at(-1)?.text}`)
    .filter((line) => !line.includes("<environment_context>"));
}

describe("threadStart", () => {
  test("accepts the options of the protocol, and drops undefined ones", async () => {
    const { codex, model, cwd } = server;
    const below = path.join(cwd, "below");
    await mkdir(below);
    const started = nextOf(codex, "thread/started");
    const thread = await codex.threadStart({
      cwd: below,
      baseInstructions: "You are a test.",
      developerInstructions: "Be brief.",
      config: { model_reasoning_effort: "high" },
      approvalPolicy: undefined,
      ephemeral: true,
    });
    expect((await started).thread).toMatchObject({ id: thread.id, cwd: below, ephemeral: true });
    expect((await thread.run("hello")).text).toBe("echo hello");
    const body = model.requests.at(-1)?.body;
    expect(body?.reasoning).toMatchObject({ effort: "high" });
    expect(JSON.stringify(body?.input)).toContain("You are a test.");
    expect(JSON.stringify(body?.input)).toContain("Be brief.");
  });

  test("takes a model", async () => {
    await usedThread("hi", { model: "gpt-5.4" });
    expect(server.model.requests.at(-1)?.body.model).toBe("gpt-5.4");
  });

  test("has the client's cwd by default", async () => {
    const thread = await usedThread();
    expect((await thread.read()).thread.cwd).toBe(server.cwd);
  });
});

describe("threadList", () => {
  test("filters by archived and by cwd", async () => {
    const { codex } = server;
    const elsewhere = path.join(server.cwd, "elsewhere");
    await mkdir(elsewhere);
    const kept = await usedThread("kept", { cwd: elsewhere });
    const gone = await usedThread("gone", { cwd: elsewhere });
    expect(await codex.threadArchive(gone.id)).toEqual({});
    const ids = async (archived: boolean) =>
      (await codex.threadList({ archived, cwd: elsewhere })).data.map(({ id }) => id);
    expect(await ids(false)).toEqual([kept.id]);
    expect(await ids(true)).toEqual([gone.id]);
    const all = (await codex.threadList()).data.map(({ id }) => id);
    expect(all).toContain(kept.id);
    expect(all).not.toContain(gone.id);
  });

  test("returns pages of the limit; threads() iterates over all of them", async () => {
    const { codex, cwd } = server;
    const paged = path.join(cwd, "paged");
    await mkdir(paged);
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.push((await usedThread(`n${n}`, { cwd: paged })).id);
    const page = await codex.threadList({ cwd: paged, limit: 2 });
    expect(page.data).toHaveLength(2);
    expect(page.nextCursor).toEqual(expect.any(String));
    const walked = await collect(codex.threads({ cwd: paged, limit: 2 }));
    expect(walked.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
    const rest = await collect(codex.threads({ cwd: paged, limit: 2, cursor: page.nextCursor }));
    expect(rest).toHaveLength(3);
    for await (const first of codex.threads({ cwd: paged, limit: 1 })) {
      expect(ids).toContain(first.id);
      break;
    }
  });
});

describe("a thread", () => {
  test("keeps its name", async () => {
    const thread = await usedThread();
    const named = nextOf(server.codex, "thread/name/updated", (p) => p.threadId === thread.id);
    expect(await thread.setName("Täst 1")).toEqual({});
    expect((await named).threadName).toBe("Täst 1");
    expect((await thread.read()).thread.name).toBe("Täst 1");
  });

  test("read with includeTurns returns the messages of the user and the agent", async () => {
    const thread = await usedThread("one");
    await thread.run("two");
    const { turns } = (await thread.read({ includeTurns: true })).thread;
    const said = turns.map(({ items }) =>
      items.map((item) => {
        if (item.type === "userMessage") return `user: ${JSON.stringify(item.content)}`;
        return item.type === "agentMessage" ? `agent: ${item.text}` : item.type;
      }),
    );
    expect(said).toEqual([
      [expect.stringMatching(/^user: .*"one"/), "agent: echo one"],
      [expect.stringMatching(/^user: .*"two"/), "agent: echo two"],
    ]);
    expect((await thread.read()).thread.turns).toEqual([]);
  });

  test("a fork has its own id and the history", async () => {
    const thread = await usedThread("before the fork");
    const fork = await thread.fork();
    expect(fork.id).not.toBe(thread.id);
    await fork.run("in the fork");
    expect(conversation(server.model.requests.at(-1)?.input ?? [])).toEqual([
      "user: before the fork",
      "assistant: echo before the fork",
      "user: in the fork",
    ]);
    const other = await server.codex.threadFork(thread.id, { ephemeral: true });
    expect((await other.run("again")).text).toBe("echo again");
    await thread.run("in the parent");
    const parent = conversation(server.model.requests.at(-1)?.input ?? []);
    expect(parent).not.toContain("user: in the fork");
  });

  test("archiving returns {} and refuses turns, and unarchiving restores the thread", async () => {
    const thread = await usedThread("first");
    expect(await thread.archive()).toEqual({});
    await expect(thread.run("no")).rejects.toThrow("is archived");
    const back = await server.codex.threadUnarchive(thread.id);
    expect(back.id).toBe(thread.id);
    expect((await back.run("second")).text).toBe("echo second");
    expect(conversation(server.model.requests.at(-1)?.input ?? [])).toContain("user: first");
    expect((await thread.run("third")).text).toBe("echo third");
  });

  test("archiving during a turn ends the turn", async () => {
    const gate = new Gate();
    server.model.enqueue(text(["be", gate, "fore"]));
    const thread = await server.codex.threadStart();
    const turn = await thread.turn("hi");
    await gate.reached;
    await thread.archive();
    expect((await turn.run()).status).toBe("interrupted");
  });

  test("compacting calls the model, and the next turn waits for it", async () => {
    const { model } = server;
    const thread = await usedThread("long story");
    const before = model.requests.length;
    const gate = new Gate();
    model.enqueue(text(["the", gate, " summary"]));
    const compacting = thread.compact();
    const running = thread.run("and now?");
    await gate.reached;
    expect(model.requests.length).toBe(before + 1);
    gate.open();
    expect(await compacting).toEqual({});
    expect((await running).text).toBe("echo and now?");
    expect(model.requests.length).toBe(before + 2);
    expect(JSON.stringify(model.requests.at(-1)?.input)).toContain("the summary");
  });

  test("compacting for a caller that gave up is still waited for", async () => {
    const thread = await usedThread("long story");
    const gate = new Gate();
    server.model.enqueue(text(["the", gate, " summary"]));
    const controller = new AbortController();
    const compacting = failureOf(thread.compact({ signal: controller.signal }));
    await gate.reached;
    controller.abort(new Error("never mind"));
    expect((await compacting).message).toContain("never mind");
    const running = thread.run("and now?");
    gate.open();
    expect((await running).text).toBe("echo and now?");
  });

  test("compacting an empty thread leaves it usable", async () => {
    const thread = await server.codex.threadStart();
    await thread.compact();
    expect((await thread.run("hello")).status).toBe("completed");
  });

  test("unsubscribing ends pending reads of its turn, and resuming continues", async () => {
    const gate = new Gate();
    server.model.enqueue(text(["be", gate, "fore"]));
    const thread = await server.codex.threadStart();
    const turn = await thread.turn("one");
    const waiting = failureOf(turn.run());
    await gate.reached;
    expect(await thread.unsubscribe()).toEqual({ status: "unsubscribed" });
    expect((await waiting).message).toContain("was unsubscribed");
    await expect(thread.run("unseen")).rejects.toThrow("codex.threadResume(id)");
    const back = await server.codex.threadResume(thread.id);
    const second = back.run("two");
    gate.open();
    expect((await second).text).toBe("echo two");
    expect((await thread.run("three")).text).toBe("echo three");
    const asked = server.model.requests.map(({ userText }) => userText);
    expect(asked).not.toContain("unseen");
  });
});

test("a thread that doesn't exist is refused with the server's message", async () => {
  const { codex } = server;
  const id = "00000000-0000-7000-8000-000000000000";
  const error = await failureOf(codex.threadResume(id));
  expect(error).toBeInstanceOf(InvalidRequestError);
  expect(error.message).toContain(id);
});

test("resumed in a new process sends the history to the model", async () => {
  await using model = await ScriptedModel.start((request) => `echo ${request.userText}`);
  await using home = await isolatedHome(scriptedConfig(model.url));
  let threadId: string;
  {
    await using codex = new Codex({ env: home.env, cwd: home.path });
    const thread = await codex.threadStart();
    await thread.run("remember 42");
    threadId = thread.id;
  }
  await using codex = new Codex({ env: home.env, cwd: home.path });
  const thread = await codex.threadResume(threadId);
  expect(thread.id).toBe(threadId);
  expect((await thread.run("what was it?")).text).toBe("echo what was it?");
  expect(conversation(model.requests.at(-1)?.input ?? [])).toEqual([
    "user: remember 42",
    "assistant: echo remember 42",
    "user: what was it?",
  ]);
});
