import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { type Codex, type Thread, tool } from "../../src/index.ts";
import {
  command,
  failure,
  functionCall,
  Gate,
  type Part,
  patch,
  type Reply,
  reasoning,
  reply,
  text,
  usage,
} from "../../src/testing/index.ts";
import { sharedServer } from "../support/e2e.ts";
import { fromHistory, isOver, shows, stored } from "../support/live-timelines.ts";
import { agentOf, SUB_AGENTS, spawnAgent, waitForAgents } from "../support/sub-agents.ts";

const mcpServer = path.resolve(import.meta.dirname, "../support/mcp-server.mjs");
const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const FINDINGS = {
  findings: [],
  overall_correctness: "patch is correct",
  overall_explanation: "fine",
  overall_confidence_score: 0.9,
};

const server = sharedServer({
  approvals: "accept",
  handlers: {
    "mcpServer/elicitation/request": () => ({ action: "accept", content: {}, _meta: null }),
  },
  config: {
    ...SUB_AGENTS,
    mcp_servers: { odd: { command: process.execPath, args: [mcpServer] } },
    show_raw_agent_reasoning: true,
    suppress_unstable_features_warning: true,
  },
});

/** An item of the model's response that has no builder. */
function outputItem(item: object): Part {
  return {
    *steps(draft) {
      const index = draft.nextOutput();
      yield { type: "response.output_item.added", output_index: index, item };
      yield { type: "response.output_item.done", output_index: index, item };
    },
  };
}

function lines(...all: readonly string[]): string {
  return ["*** Begin Patch", ...all, "*** End Patch"].join("\n");
}

interface Scene {
  readonly name: string;
  readonly script: readonly Reply[] | (() => Promise<readonly Reply[]>);
  /** Default: a turn. */
  readonly run?: (thread: Thread, codex: Codex) => Promise<unknown>;
  /** The kinds and states of the entries of the last turn. */
  readonly entries: readonly string[];
}

const USER = "userMessage completed";
const ANSWER = "assistant completed";
const webSearch = (id: string, action: object) =>
  outputItem({ type: "web_search_call", id, status: "completed", action });

const SCENES: readonly Scene[] = [
  {
    name: "messages and reasoning",
    script: [
      reply(
        text(["Com", "ment"], { phase: "commentary" }),
        reasoning(["Thin", "king"], { raw: ["r", "aw"] }),
        text(["Hel", "lo"], { phase: "final_answer" }),
        usage({ inputTokens: 100, outputTokens: 20 }),
      ),
    ],
    entries: [USER, ANSWER, "reasoning completed", ANSWER],
  },
  {
    name: "commands",
    script: [command("echo out; echo err >&2"), command("exit 3"), command("seq 1 9"), "ok"],
    entries: [USER, "command completed", "command failed", "command completed", ANSWER],
  },
  {
    name: "file changes",
    script: [
      patch(lines("*** Add File: a.txt", "+one", "+two")),
      patch(lines("*** Update File: a.txt", "@@", " one", "-two", "+three", "+four")),
      patch(lines("*** Update File: a.txt", "*** Move to: b.txt", "@@", "-one", "+five")),
      patch(lines("*** Delete File: b.txt")),
      "ok",
    ],
    entries: [USER, ...Array(4).fill("fileChange completed"), ANSWER],
  },
  {
    name: "an MCP call",
    script: [
      outputItem({
        ...{ type: "function_call", id: "fc_1", call_id: "call_mcp", namespace: "mcp__odd" },
        ...{ name: "go", arguments: '{"where":"x"}' },
      }),
      "ok",
    ],
    entries: [USER, "mcpCall completed", ANSWER],
  },
  {
    name: "calls of the program's own tools",
    script: [functionCall("look", { what: "x" }), functionCall("break"), "ok"],
    entries: [USER, "toolCall completed", "toolCall failed", ANSWER],
  },
  {
    name: "a plan",
    script: [text(["Intro\n<proposed_", "plan>\n# Plan\n", "- b\n</proposed_plan>\nOutro"])],
    run: (thread) =>
      thread.run("go", {
        collaborationMode: {
          mode: "plan",
          settings: { model: "gpt-5.5", reasoning_effort: null, developer_instructions: null },
        },
      }),
    entries: [USER, ANSWER, "plan completed"],
  },
  {
    name: "web searches",
    script: [
      reply(
        webSearch("ws_1", { type: "search", query: "cats", queries: ["cats"] }),
        webSearch("ws_2", { type: "open_page", url: "https://x.example/" }),
        "ok",
      ),
    ],
    entries: [USER, "webSearch completed", "webSearch completed", ANSWER],
  },
  {
    name: "an image",
    script: async () => {
      const file = path.join(server.cwd, "p.png");
      await writeFile(file, Buffer.from(PNG, "base64"));
      return [functionCall("view_image", { path: file }), "ok"];
    },
    entries: [USER, "image completed", ANSWER],
  },
  {
    name: "a review",
    script: [JSON.stringify(FINDINGS)],
    run: (thread, codex) =>
      codex.request("review/start", {
        threadId: thread.id,
        target: { type: "custom", instructions: "look" },
      }),
    entries: ["review completed", USER, "review completed", ANSWER],
  },
  {
    name: "a compaction",
    script: ["first", "summary"],
    run: async (thread) => {
      await thread.run("go");
      await thread.compact();
    },
    entries: ["compaction completed"],
  },
  {
    name: "a command of the user",
    script: [],
    run: (thread, codex) =>
      codex.request("thread/shellCommand", { threadId: thread.id, command: "echo hi; exit 2" }),
    entries: ["command failed"],
  },
  {
    name: "a turn that fails",
    script: [failure(500, { message: "oops" })],
    entries: [USER, "error failed"],
  },
  {
    name: "a turn that is interrupted in a command",
    script: [command("echo begun; sleep 60")],
    run: async (thread) => {
      const turn = await thread.turn("go");
      for await (const { method, params } of turn.stream()) {
        if (method === "item/started" && params.item.type === "commandExecution") break;
      }
      await turn.interrupt();
      await turn.run();
    },
    entries: [USER, "command failed"],
  },
];

/** The program's tools of each scene. */
const input = { type: "object", properties: {} } as const;
const tools = [
  tool({ name: "look", description: "Looks.", input, execute: () => "seen" }),
  tool({
    name: "break",
    description: "Breaks.",
    input,
    execute: () => {
      throw new Error("broken");
    },
  }),
];

describe("a live timeline equals one that is read from the history later", () => {
  test.each(SCENES)("of $name", async ({ script, run, entries }) => {
    const { codex, model } = server;
    model.enqueue(...(typeof script === "function" ? await script() : script));
    const thread = await codex.threadStart({ sandbox: "danger-full-access", tools });
    using timeline = await thread.timeline();
    await (run ?? ((one) => one.run("go")))(thread, codex);
    const isThere = ({ turns }: typeof timeline.snapshot) =>
      turns.at(-1)?.state !== "running" &&
      turns.at(-1)?.entries.length === entries.length &&
      turns.at(-1)?.entries.every(({ state }) => state !== "interrupted") === true;
    const live = await shows(timeline, isThere);
    const shown = live.turns.at(-1)?.entries.map(({ kind, state }) => `${kind} ${state}`);
    // Of two that began in the same millisecond, either can be the first.
    expect(shown?.toSorted()).toEqual(entries.toSorted());
    expect(stored(await fromHistory(codex, thread.id))).toEqual(stored(live));
  });

  test("with its sub-agents", async () => {
    const { codex, model } = server;
    const script: Reply[] = [spawnAgent("helper"), waitForAgents(), "all done"];
    const says = (request: Parameters<typeof agentOf>[0]) =>
      agentOf(request) === "/root" ? (script.shift() ?? "") : reply(text(["child ", "says hi"]));
    model.respond(says);
    const thread = await codex.threadStart();
    using timeline = await thread.timeline();
    await thread.run("go");
    const live = await shows(timeline, ({ agents }) => {
      const agent = agents[0];
      return agent?.turns[0]?.state === "completed" && agent.agent?.nickname != null;
    });
    const [agent] = live.agents;
    expect(agent).toMatchObject({
      ...{ agent: { path: "/root/helper" }, status: "idle" },
      turns: [{ state: "completed", entries: [{ kind: "assistant", text: "child says hi" }] }],
    });
    expect(live.turns[0]?.entries).toMatchObject([
      { kind: "userMessage" },
      { kind: "subAgent", action: "started", threadIds: [agent?.threadId], path: "/root/helper" },
      ...(live.turns[0]?.entries.slice(2, -1) ?? []),
      { kind: "assistant", text: "all done" },
    ]);
    expect(stored(await fromHistory(codex, thread.id))).toEqual(stored(live));
  });
});

test("a timeline has the thread's name, model, tokens, context and goal", async () => {
  const { codex, model } = server;
  model.enqueue(
    reply("one", usage({ inputTokens: 100, outputTokens: 20 })),
    reply("two", usage({ inputTokens: 130, outputTokens: 10 })),
  );
  const thread = await codex.threadStart();
  using timeline = await thread.timeline();
  await thread.run("first");
  await thread.run("second");
  await thread.setName("A name");
  const objective = "win";
  await codex.request("thread/goal/set", { threadId: thread.id, objective, status: "paused" });
  const view = await shows(timeline, ({ goal, name }) => goal !== null && name !== null);
  expect(view).toMatchObject({
    ...{ name: "A name", model: "gpt-5.5", status: "idle", hasOlder: false },
    ...{ goal: { objective, status: "paused" }, usage: { totalTokens: 260 } },
    context: { used: 140, window: expect.any(Number) },
    turns: [{ usage: { totalTokens: 120 } }, { usage: { totalTokens: 140, outputTokens: 10 } }],
  });
  using second = await thread.timeline();
  expect(second.snapshot).toMatchObject({ name: "A name", preview: "first", goal: { objective } });
});

test("text appears as it is streamed, and the streamed text of an interrupted message is kept", async () => {
  const { codex, model } = server;
  const gate = new Gate();
  model.enqueue(text(["par", "tial", gate, "never"]));
  const thread = await codex.threadStart();
  using timeline = await thread.timeline();
  const turn = await thread.turn("go");
  const last = () => timeline.snapshot.turns.at(-1)?.entries.at(-1);
  await shows(timeline, () => {
    const entry = last();
    return entry?.kind === "assistant" && entry.text === "partial";
  });
  expect(last()).toMatchObject({ state: "running", incomplete: false });
  await turn.interrupt();
  const view = await shows(timeline, isOver(1));
  expect(view.turns).toMatchObject([{ state: "interrupted" }]);
  expect(last()).toMatchObject({ kind: "assistant", state: "interrupted", text: "partial" });
  gate.open();
});

test("older turns are read page by page", async () => {
  const { codex, model } = server;
  model.respond(({ userText }) => `echo ${userText}`);
  const thread = await codex.threadStart();
  for (const word of ["a", "b", "c", "d", "e"]) await thread.run(word);
  using timeline = await thread.timeline({ pageSize: 2 });
  const said = () =>
    timeline.snapshot.turns.map(
      ({ entries: [first] }) => first?.kind === "userMessage" && first.text,
    );
  expect([said(), timeline.snapshot.hasOlder]).toEqual([["d", "e"], true]);
  const both = await Promise.all([timeline.loadOlder(), timeline.loadOlder()]);
  expect([both, said()]).toEqual([
    [true, true],
    ["b", "c", "d", "e"],
  ]);
  await thread.run("f");
  expect(await timeline.loadOlder()).toBe(true);
  expect([said(), timeline.snapshot.hasOlder]).toEqual([["a", "b", "c", "d", "e", "f"], false]);
  expect(await timeline.loadOlder()).toBe(false);
});

test("a truncated history is shown as truncated", async () => {
  const { codex, model } = server;
  model.respond(({ userText }) => `echo ${userText}`);
  const thread = await codex.threadStart();
  for (const word of ["a", "b", "c"]) await thread.run(word);
  using timeline = await thread.timeline({ pageSize: 1 });
  await timeline.loadOlder();
  const beforeTurnId = timeline.snapshot.turns[1]?.id ?? "";
  await codex.request("thread/revert", { threadId: thread.id, beforeTurnId });
  const view = await shows(timeline, ({ turns }) => turns.length === 1);
  expect(view.hasOlder).toBe(true);
  await timeline.loadOlder();
  expect(timeline.snapshot.turns).toHaveLength(2);
});

test("a thread without a history also has a timeline", async () => {
  const { codex, model } = server;
  model.respond(() => "hi");
  const thread = await codex.threadStart({ ephemeral: true });
  using timeline = await thread.timeline();
  await thread.run("go");
  const view = await shows(timeline, isOver(1));
  expect(view.turns[0]?.entries).toHaveLength(2);
  expect(await timeline.loadOlder()).toBe(false);
});

test("a closed timeline doesn't change", async () => {
  const { codex, model } = server;
  model.respond(() => "hi");
  const thread = await codex.threadStart();
  const timeline = await thread.timeline();
  await thread.run("one");
  timeline.close();
  timeline.close();
  const last = timeline.snapshot;
  await thread.run("two");
  expect(timeline.snapshot).toBe(last);
  expect(last.turns).toHaveLength(1);
});
