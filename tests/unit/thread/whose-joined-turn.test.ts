import { describe, expect, it } from "vitest";
import { type Codex, externalMessage, type Thread } from "../../../src/index.ts";
import type { FakeAppServer } from "../../../src/testing/fake-app-server.ts";
import { listOf } from "../../support/running-turn.ts";
import { change, client, isAnsweredSoon, said } from "../../support/whose-turn.ts";

const FILE = "item/fileChange/requestApproval";
const output = { name: "lookup", namespace: null, output: "found" };
const shellItem = { type: "commandExecution", id: "s1", source: "userShell", command: "ls" };
const outputItem = { type: "functionCallOutput", id: "o1", ...output };
const goal = { objective: "win", status: "active" };

type Start = (codex: Codex, thread: Thread) => Promise<unknown>;
const STARTS = {
  "thread/shellCommand": (_codex, thread) => thread.shell("ls"),
  "thread/compact/start": (_codex, thread) => thread.compact(),
  "turn/start": (_codex, thread) => thread.turn("hi"),
} satisfies Record<string, Start>;

/** Whether a request of the turn "g1" is accepted. According to the server, `start` joined this turn. */
async function isAccepted(
  method: string,
  start: Start,
  { items = [], rootTurnId = "g1", before }: Turn,
) {
  const { server, codex, thread } = await client({ approvals: "accept" });
  server.answer("thread/turns/list", () => listOf());
  before?.(server);
  start(codex, thread).catch(() => {});
  (await server.request(method)).respond({ turn: { id: "g1" } });
  server.notify("turn/started", { threadId: "t1", turn: { id: "g1", rootTurnId } });
  for (const item of items) server.notify("item/started", { threadId: "t1", turnId: "g1", item });
  const params = { threadId: "t1", turnId: "g1", itemId: "i1" };
  const isAnswered = await isAnsweredSoon(server.ask(FILE, params));
  await codex.close();
  return isAnswered;
}

interface Turn {
  readonly items?: readonly object[];
  readonly rootTurnId?: string;
  before?(server: FakeAppServer): void;
}

const setsGoal = (server: FakeAppServer) =>
  server.notify("thread/goal/updated", { threadId: "t1", turnId: null, goal });

describe("a turn of another client's goal is left to it", () => {
  it.each([
    ["thread/shellCommand", "the model's work", [change]],
    ["thread/shellCommand", "the command, then the model's work", [shellItem, change]],
    ["thread/shellCommand", "the command", [shellItem]],
    ["thread/compact/start", "the model's work", [change]],
    ["thread/compact/start", "nothing", []],
  ] as const)("although %s may have started it, when it has shown %s", async (method, _, items) => {
    expect(await isAccepted(method, STARTS[method], { items, before: setsGoal })).toBe(false);
  });
});

describe("a turn that another client has started with a tool's output is left to it", () => {
  it.each(["thread/shellCommand", "turn/start"] as const)(
    "although %s joined it",
    async (method) => {
      expect(await isAccepted(method, STARTS[method], { items: [outputItem, change] })).toBe(false);
    },
  );

  it.each<[string, Start]>([
    [
      "thread.turn()",
      (_, thread) => thread.turn(externalMessage({ toolName: "lookup", content: "found" })),
    ],
    [
      "codex.request()",
      (codex) => codex.request("turn/start", { threadId: "t1", input: [], toolOutput: output }),
    ],
  ])("unless this client has started one with %s", async (_, start) => {
    expect(await isAccepted("turn/start", start, { items: [outputItem, change] })).toBe(true);
  });
});

it("a turn that works for another client's turn is left to it, although a message joined it", async () => {
  const before = (server: FakeAppServer) => {
    server.notify("turn/started", { threadId: "t1", turn: { id: "u1", rootTurnId: "u1" } });
    const item = said("another's");
    server.notify("item/started", { threadId: "t1", turnId: "u1", item });
    server.notify("turn/completed", { threadId: "t1", turn: { id: "u1", status: "completed" } });
  };
  const turn = { items: [said(null), change], rootTurnId: "u1", before };
  expect(await isAccepted("turn/start", STARTS["turn/start"], turn)).toBe(false);
});
