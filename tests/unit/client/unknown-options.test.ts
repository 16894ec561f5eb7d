import { describe, expect, test } from "vitest";
import type { Codex, Thread, Turn } from "../../../src/index.ts";
import { PARAM_TYPES } from "../../../src/protocol/index.ts";
import { fakeClient, turnStarted } from "../../support/fake.ts";

interface Handles {
  readonly codex: Codex;
  readonly thread: Thread;
  readonly turn: Turn;
}

type Call = (handles: Handles, options: never) => Promise<unknown>;

/** Every call that takes options, except those of the test of the constructor. */
const CALLS: Readonly<Record<string, Call>> = {
  connect: ({ codex }, options) => codex.connect(options),
  threadStart: ({ codex }, options) => codex.threadStart(options),
  threadResume: ({ codex }, options) => codex.threadResume("t1", options),
  threadFork: ({ codex }, options) => codex.threadFork("t1", options),
  threadList: ({ codex }, options) => codex.threadList(options),
  threads: ({ codex }, options) => codex.threads(options).next(),
  threadArchive: ({ codex }, options) => codex.threadArchive("t1", options),
  threadUnarchive: ({ codex }, options) => codex.threadUnarchive("t1", options),
  models: ({ codex }, options) => codex.models(options),
  modelList: ({ codex }, options) => codex.modelList(options),
  request: ({ codex }, options) => codex.request("model/list", {}, options),
  threadDelete: ({ codex }, options) => codex.threadDelete("t1", options),
  searchThreads: async ({ codex }, options) => codex.searchThreads("x", options).next(),
  loadedThreads: async ({ codex }, options) => codex.loadedThreads(options).next(),
  exec: async ({ codex }, options) => codex.exec(["ls"], options).run(),
  "account.read": ({ codex }, options) => codex.account.read(options),
  "account.logout": ({ codex }, options) => codex.account.logout(options),
  "config.read": ({ codex }, options) => codex.config.read(options),
  "config.write": ({ codex }, options) => codex.config.write({ model: "m" }, options),
  "files.createDirectory": ({ codex }, options) => codex.files.createDirectory("a", options),
  "files.copy": ({ codex }, options) => codex.files.copy("a", "b", options),
  "files.remove": ({ codex }, options) => codex.files.remove("a", options),
  "mcp.login": ({ codex }, options) => codex.mcp.login("a", options),
  "mcp.servers": async ({ codex }, options) => codex.mcp.servers(options).next(),
  "plugins.list": ({ codex }, options) => codex.plugins.list(options),
  "skills.list": ({ codex }, options) => codex.skills.list(options),
  "thread.review": ({ thread }, options) => thread.review({ type: "uncommittedChanges" }, options),
  "thread.shell": ({ thread }, options) => thread.shell("ls", options),
  "thread.queue": ({ thread }, options) => thread.queue("hi", options),
  "thread.activeTurn": ({ thread }, options) => thread.activeTurn(options),
  "thread.turns": async ({ thread }, options) => thread.turns(options).next(),
  "thread.items": async ({ thread }, options) => thread.items(options).next(),
  "thread.agents": ({ thread }, options) => thread.agents(options),
  "thread.revert": ({ thread }, options) => thread.revert("u1", options),
  "thread.rollback": ({ thread }, options) => thread.rollback(1, options),
  "thread.goal.get": ({ thread }, options) => thread.goal.get(options),
  "thread.goal.run": ({ thread }, options) => thread.goal.run("x", options),
  "thread.turn": ({ thread }, options) => thread.turn("hi", options),
  "thread.run": ({ thread }, options) => thread.run("hi", options),
  "thread.read": ({ thread }, options) => thread.read(options),
  "thread.setName": ({ thread }, options) => thread.setName("x", options),
  "thread.timeline": ({ thread }, options) => thread.timeline(options),
  "thread.compact": ({ thread }, options) => thread.compact(options),
  "thread.archive": ({ thread }, options) => thread.archive(options),
  "thread.fork": ({ thread }, options) => thread.fork(options),
  "thread.unsubscribe": ({ thread }, options) => thread.unsubscribe(options),
  "turn.run": ({ turn }, options) => turn.run(options),
  "turn.steer": ({ turn }, options) => turn.steer("hi", options),
  "turn.interrupt": ({ turn }, options) => turn.interrupt(options),
};

async function started() {
  const { server, codex } = fakeClient();
  server.answer("turn/start", () => ({ turn: { id: "u1", status: "inProgress", items: [] } }));
  const thread = await codex.threadStart();
  const turn = await thread.turn("hi");
  server.notify(...turnStarted("t1", "u1"));
  return { server, handles: { codex, thread, turn } };
}

describe("a call is refused before anything is sent, when its options", () => {
  test.each(Object.entries(CALLS))("have an unknown member: %s", async (_, call) => {
    const { server, handles } = await started();
    const sent = server.received.length;
    const failure = call(handles, { sgnal: new AbortController().signal } as never);
    await expect(failure).rejects.toThrow(TypeError);
    await expect(failure).rejects.toThrow(/ has no option "sgnal"; did you mean signal\?$/);
    expect(server.received).toHaveLength(sent);
  });

  test.each(Object.entries(CALLS))("aren't an object: %s", async (_, call) => {
    const { server, handles } = await started();
    const sent = server.received.length;
    await expect(call(handles, "fast" as never)).rejects.toThrow(/ options must be an object/);
    expect(server.received).toHaveLength(sent);
  });

  test.each<[string, object, string]>([
    ["threadStart", { sandBox: "read-only" }, 'no option "sandBox"; did you mean sandbox?'],
    ["threadStart", { threadId: "t1" }, 'threadStart has no option "threadId"'],
    ["threadStart", { model: 5 }, "threadStart option model must be a string, not 5"],
    ["threadStart", { ephemeral: "yes" }, "ephemeral must be a boolean, not a string"],
    ["threadStart", { config: [] }, "config must be an object, not an empty list"],
    ["threadResume", { threadId: "t2" }, 'threadResume has no option "threadId"'],
    ["threadList", { cwd: 1 }, "threadList option cwd must be a list or a string, not 1"],
    ["models", { includehidden: true }, "did you mean includeHidden?"],
    ["thread.run", { outputschema: {} }, 'run has no option "outputschema"; did you mean outputS'],
    ["thread.run", { input: "hi" }, 'run has no option "input"'],
    ["thread.turn", { sandboxes: "read-only" }, "did you mean sandbox?"],
    ["thread.read", { includeTurns: 1 }, "read option includeTurns must be a boolean, not 1"],
    ["turn.interrupt", { deadline: 5 }, "did you mean deadlineMs?"],
  ])("are wrong: %s(%o)", async (name, options, message) => {
    const { server, handles } = await started();
    const sent = server.received.length;
    await expect(CALLS[name]?.(handles, options as never)).rejects.toThrow(message);
    expect(server.received).toHaveLength(sent);
  });
});

test("an id that no thread can have is refused before anything is sent", async () => {
  const { server, codex } = fakeClient();
  await codex.connect();
  const sent = server.received.length;
  for (const id of [undefined, "", 5]) {
    const wrong = id as string;
    for (const failure of [
      codex.threadResume(wrong),
      codex.threadFork(wrong),
      codex.threadArchive(wrong),
      codex.threadUnarchive(wrong),
    ]) {
      await expect(failure).rejects.toThrow(/: the thread id must be a non-empty string, not /);
    }
  }
  expect(server.received).toHaveLength(sent);
});

test("every param of the protocol can be passed, and null where it is allowed", async () => {
  const { server, codex } = fakeClient();
  const { threadId: _, input: __, ...ofTurn } = PARAM_TYPES["turn/start"];
  for (const [method, types] of [
    ["thread/start", PARAM_TYPES["thread/start"]],
    ["turn/start", ofTurn],
  ] as const) {
    server.answer("turn/start", () => ({ turn: { id: "u1", status: "inProgress", items: [] } }));
    const thread = await codex.threadStart();
    const nullable = Object.entries(types).filter(([, kinds]) => kinds.includes("null"));
    const options = Object.fromEntries(nullable.map(([name]) => [name, null]));
    if (method === "thread/start") await codex.threadStart(options);
    else await thread.turn("hi", { ...options, outputSchema: undefined });
    const last = server.received.findLast((message) => message.method === method);
    const { dynamicTools: ___, outputSchema: ____, clientUserMessageId: _____, ...sent } = options;
    expect(last?.params).toMatchObject(sent);
  }
});
