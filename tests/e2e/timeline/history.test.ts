import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { Codex, Thread } from "../../../src/index.ts";
import {
  command,
  failure,
  functionCall,
  patch,
  type Reply,
  reasoning,
  reply,
  text,
  usage,
} from "../../../src/testing/index.ts";
import type { ThreadView } from "../../../src/timeline/index.ts";
import { sharedServer } from "../../support/e2e.ts";
import {
  ALL_KINDS,
  mcpCall,
  NO_FINDINGS,
  PLAN_MODE,
  PNG,
  patchOf,
  TOOLS,
  webSearch,
} from "../../support/item-kinds.ts";
import { fromHistory, shows, stored } from "../../support/live-timelines.ts";
import { agentOf, spawnAgent, waitForAgents } from "../../support/sub-agents.ts";

const server = sharedServer({
  approvals: "accept",
  handlers: {
    "mcpServer/elicitation/request": () => ({ action: "accept", content: {}, _meta: null }),
  },
  config: ALL_KINDS,
});

interface Scene {
  readonly name: string;
  readonly script: readonly Reply[] | (() => Promise<readonly Reply[]>);
  /** Default: a turn. */
  readonly run?: (thread: Thread, codex: Codex) => Promise<unknown>;
  /** The kinds and states of the entries of the last turn. */
  readonly entries: readonly string[];
  /**
   * The server stores a start of the turn that is a moment earlier than the one that it sends, so the second can
   * differ.
   */
  readonly startIsStoredEarlier?: boolean;
}

const withoutStarts = (view: ThreadView): ThreadView => ({
  ...view,
  turns: view.turns.map((turn) => ({ ...turn, startedAt: null })),
});

const USER = "userMessage completed";
const ANSWER = "assistant completed";

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
      patch(patchOf("*** Add File: a.txt", "+one", "+two")),
      patch(patchOf("*** Update File: a.txt", "@@", " one", "-two", "+three", "+four")),
      patch(patchOf("*** Update File: a.txt", "*** Move to: b.txt", "@@", "-one", "+five")),
      patch(patchOf("*** Delete File: b.txt")),
      "ok",
    ],
    entries: [USER, ...Array(4).fill("fileChange completed"), ANSWER],
  },
  {
    name: "an MCP call",
    script: [mcpCall, "ok"],
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
    run: (thread) => thread.run("go", PLAN_MODE),
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
      await writeFile(file, PNG);
      return [functionCall("view_image", { path: file }), "ok"];
    },
    entries: [USER, "image completed", ANSWER],
  },
  {
    name: "a review",
    script: [NO_FINDINGS],
    run: (thread, codex) =>
      codex.request("review/start", {
        threadId: thread.id,
        target: { type: "custom", instructions: "look" },
      }),
    entries: ["review completed", USER, "review completed", ANSWER],
    startIsStoredEarlier: true,
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

describe("a live timeline equals one that is read from the history later", () => {
  test.each(SCENES)("of $name", async ({ script, run, entries, startIsStoredEarlier }) => {
    const { codex, model } = server;
    model.enqueue(...(typeof script === "function" ? await script() : script));
    const thread = await codex.threadStart({ sandbox: "danger-full-access", tools: TOOLS });
    using timeline = await thread.timeline();
    await (run ?? ((one) => one.run("go")))(thread, codex);
    const isThere = ({ turns }: typeof timeline.snapshot) =>
      turns.at(-1)?.state !== "running" &&
      turns.at(-1)?.entries.length === entries.length &&
      turns.at(-1)?.entries.every(({ state }) => state !== "interrupted") === true;
    const live = await shows(timeline, isThere);
    const shown = live.turns.at(-1)?.entries.map(({ kind, state }) => `${kind} ${state}`);
    // If two entries began in the same millisecond, either of them can come first.
    expect(shown?.toSorted()).toEqual(entries.toSorted());
    const history = await fromHistory(codex, thread.id);
    const compared = startIsStoredEarlier ? withoutStarts : (view: ThreadView) => view;
    expect(stored(compared(history))).toEqual(stored(compared(live)));
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
