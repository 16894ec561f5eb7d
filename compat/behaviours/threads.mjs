import assert from "node:assert/strict";
import { Gate, text } from "codex-app-server/testing";
import { collect, conversation, failureOf } from "../support/check.mjs";
import { codexBin, pinned } from "../support/servers.mjs";

/**
 * A client with a thread that has had a turn: the server doesn't list or resume threads without
 * one.
 */
async function usedThread(stage, words = "first") {
  const scripted = await stage.start();
  const thread = await scripted.codex.threadStart();
  await thread.run(words);
  return { ...scripted, thread };
}

const COARSE = {
  says:
    "This server's cursor is a time in whole seconds: threads from the same second as the last thread of a " +
    "page are missing from all pages.",
  async shown(stage) {
    const { codex } = await usedThread(stage);
    // Two threads of the same second: a second can end between them, but not every time.
    for (let tries = 0; tries < 5; tries++) {
      await (await codex.threadStart()).run("another");
      const [newest, older] = (await codex.threadList()).data;
      if (newest.createdAt !== older.createdAt) continue;
      const { nextCursor } = await codex.threadList({ limit: 1 });
      const rest = await codex.threadList({ limit: 1, cursor: nextCursor });
      assert(!rest.data.some(({ id }) => id === older.id));
      return;
    }
    assert.fail("no two threads were created in the same second");
  },
};

/** What a server of one version writes and one of another version continues. */
async function passedOn(stage, from, to, options = {}) {
  const { model, client } = await stage.home();
  const first = client({ codexBin: codexBin(from) });
  const started = await first.threadStart(options);
  await started.run("first");
  await first.close();
  const resumed = await client({ codexBin: codexBin(to) }).threadResume(started.id);
  assert.equal((await resumed.run("second")).text, "echo second");
  assert(conversation(model.requests.at(-1)).includes("assistant: echo first"));
}

const PAGINATED = {
  says: `This server can't read the history mode of ${pinned}, "paginated". Threads that it should resume must be started with \`historyMode: "legacy"\`.`,
  async shown(stage) {
    await assert.rejects(passedOn(stage, pinned, stage.version), /paginated_threads/);
    await passedOn(stage, pinned, stage.version, { historyMode: "legacy" });
  },
};

export const threads = [
  {
    what: "resuming in a new process sends the history to the model",
    async run(stage) {
      const { model, client } = await stage.home();
      const first = client();
      const started = await first.threadStart();
      await started.run("remember 42");
      await first.close();
      const resumed = await client().threadResume(started.id);
      assert.equal(resumed.id, started.id);
      assert.equal((await resumed.run("what was it?")).text, "echo what was it?");
      assert.deepEqual(conversation(model.requests.at(-1)), [
        "user: remember 42",
        "assistant: echo remember 42",
        "user: what was it?",
      ]);
    },
  },
  {
    what: `${pinned} resumes a thread that this server wrote`,
    run: (stage) => passedOn(stage, stage.version, pinned),
  },
  {
    what: `this server resumes a thread that ${pinned} wrote`,
    run: (stage) => passedOn(stage, pinned, stage.version),
    lacks: { "0.144.0": PAGINATED },
  },
  {
    what: "a fork has its own id and the history",
    async run(stage) {
      const { model, thread } = await usedThread(stage, "before the fork");
      const fork = await thread.fork();
      assert.notEqual(fork.id, thread.id);
      await fork.run("in the fork");
      assert.deepEqual(conversation(model.requests.at(-1)), [
        "user: before the fork",
        "assistant: echo before the fork",
        "user: in the fork",
      ]);
      await thread.run("in the parent");
      assert(!conversation(model.requests.at(-1)).includes("user: in the fork"));
    },
  },
  {
    what: "a fork has the sandbox and the approval policy of its thread",
    async run(stage) {
      const { codex } = await stage.start();
      const settings = { sandbox: "workspace-write", approvalPolicy: "untrusted" };
      const thread = await codex.threadStart(settings);
      await thread.run("begin");
      const fork = await thread.fork();
      await fork.run("continue");
      const { sandbox, approvalPolicy } = await codex.request("thread/resume", {
        threadId: fork.id,
      });
      assert.deepEqual([sandbox.type, approvalPolicy], ["workspaceWrite", "untrusted"]);
    },
  },
  {
    what: "fork into an ephemeral thread",
    async run(stage) {
      const { codex, thread } = await usedThread(stage);
      const fork = await codex.threadFork(thread.id, { ephemeral: true });
      assert.equal((await fork.run("again")).text, "echo again");
    },
  },
  {
    what: "list threads in pages",
    async run(stage) {
      const { codex, thread } = await usedThread(stage);
      const ids = [thread.id];
      for (const words of ["second", "third"]) {
        const other = await codex.threadStart();
        await other.run(words);
        ids.push(other.id);
      }
      const page = await codex.threadList({ limit: 2 });
      assert.equal(page.data.length, 2);
      const walked = await collect(codex.threads({ limit: 2 }));
      assert.deepEqual(walked.map(({ id }) => id).toSorted(), ids.toSorted());
    },
    lacks: { "0.125.0": COARSE, "0.144.0": COARSE },
  },
  {
    what: "archive and unarchive",
    async run(stage) {
      const { codex, model, thread } = await usedThread(stage);
      const listed = async (archived) =>
        (await codex.threadList({ archived })).data.map(({ id }) => id);
      assert.deepEqual(await codex.threadArchive(thread.id), {});
      assert.deepEqual([await listed(false), await listed(true)], [[], [thread.id]]);
      await failureOf(thread.run("no"));
      const back = await codex.threadUnarchive(thread.id);
      assert.equal(back.id, thread.id);
      assert.deepEqual([await listed(false), await listed(true)], [[thread.id], []]);
      assert.equal((await back.run("second")).text, "echo second");
      assert(conversation(model.requests.at(-1)).includes("user: first"));
    },
  },
  {
    what: "archiving during a turn ends the turn",
    async run(stage) {
      const { codex, model } = await stage.start();
      const gate = new Gate();
      model.enqueue(text(["be", gate, "fore"]));
      const thread = await codex.threadStart();
      const turn = await thread.turn("hi");
      await gate.reached;
      await thread.archive();
      assert.equal((await turn.run()).status, "interrupted");
    },
  },
  {
    what: "a thread keeps its name",
    async run(stage) {
      const { thread } = await usedThread(stage);
      assert.deepEqual(await thread.setName("Täst 1"), {});
      assert.equal((await thread.read()).thread.name, "Täst 1");
    },
  },
  {
    what: "`read` with turns returns the user's and the agent's messages",
    async run(stage) {
      const { thread } = await usedThread(stage);
      await thread.run("second");
      const { turns } = (await thread.read({ includeTurns: true })).thread;
      const said = turns.map(({ items }) =>
        items.map((item) => (item.type === "userMessage" ? item.content[0].text : item.text)),
      );
      assert.deepEqual(said, [
        ["first", "echo first"],
        ["second", "echo second"],
      ]);
    },
  },
  {
    what: "compacting calls the model, and the next turn waits for it",
    async run(stage) {
      const { model, thread } = await usedThread(stage, "long story");
      const gate = new Gate();
      model.enqueue(text(["the", gate, " summary"]));
      const compacting = thread.compact();
      const running = thread.run("and now?");
      await gate.reached;
      assert.equal(model.requests.length, 2);
      gate.open();
      assert.deepEqual(await compacting, {});
      assert.equal((await running).text, "echo and now?");
      assert.equal(model.requests.length, 3);
      assert(JSON.stringify(model.requests[2].input).includes("the summary"));
    },
  },
  {
    what: "unsubscribe during a turn, then resume",
    async run(stage) {
      const { codex, model } = await stage.start();
      const gate = new Gate();
      model.enqueue(text(["be", gate, "fore"]));
      const thread = await codex.threadStart();
      const turn = await thread.turn("one");
      const waiting = failureOf(turn.run());
      await gate.reached;
      assert.deepEqual(await thread.unsubscribe(), { status: "unsubscribed" });
      assert.match((await waiting).message, /was unsubscribed/);
      const back = await codex.threadResume(thread.id);
      const second = back.run("two");
      gate.open();
      assert.equal((await second).text, "echo two");
    },
  },
];
