import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { Codex, PendingRequest, Thread, Turn } from "../../src/index.ts";
import {
  command,
  failure,
  functionCall,
  Gate,
  type ModelRequest,
  patch,
  type Reply,
  reasoning,
  reply,
  text,
  usage,
} from "../../src/testing/index.ts";
import {
  ALL_KINDS,
  mcpCall,
  NO_FINDINGS,
  PLAN_MODE,
  PNG,
  patchOf,
  TOOLS,
  webSearch,
} from "./item-kinds.ts";
import { agentOf, spawnAgent, waitForAgents } from "./sub-agents.ts";

/** For the server of the scenes: all of its requests wait for an answer. */
export const SCENE_SERVER = {
  approvals: "ask",
  config: {
    ...ALL_KINDS,
    features: { ...ALL_KINDS.features, default_mode_request_user_input: true },
  },
} as const;

/** A turn on the real server, and what a page shows of it. */
export interface Scene {
  readonly name: string;
  readonly script: readonly Reply[] | ((cwd: string) => Promise<readonly Reply[]>) | Rule;
  /** Default: a turn with the input "go". */
  readonly start?: (thread: Thread, codex: Codex) => Promise<Turn>;
  /** What happens while the turn is running. Default: nothing. */
  readonly meanwhile?: (turn: Turn, codex: Codex) => Promise<unknown>;
  /** How each request is answered. Default: with "accept". */
  readonly answer?: (request: PendingRequest) => Promise<unknown> | undefined;
  /** The parts of the AI SDK's message in short form, without steps, requests and diffs. */
  readonly parts: readonly string[];
  /** The order of parts isn't always the same. */
  readonly isUnordered?: true;
  /**
   * Events before the first read aren't retained, because this program didn't start the turn with `turn()`.
   */
  readonly isUnkept?: true;
  /** The chunk before the last. */
  readonly ending?: "error" | "abort";
}

interface Rule {
  readonly rule: (request: ModelRequest) => Reply;
}

const ADD = patchOf("*** Add File: a.txt", "+one", "+two");
const QUESTIONS = [
  {
    ...{ id: "colour", header: "Colour", question: "Which?" },
    options: [
      { label: "Red", description: "like roses" },
      { label: "Blue", description: "like the sea" },
    ],
  },
];

/** Resolves when the turn's notifications have reached one of this method. */
async function reached(turn: Turn, method: string, type?: string): Promise<void> {
  for await (const { method: one, params } of turn.stream()) {
    if (one !== method) continue;
    if (type === undefined || JSON.stringify(params).includes(`"type":"${type}"`)) return;
  }
}

/** A turn in which the server asks before it runs commands and changes files. */
const asking = (thread: Thread) =>
  thread.turn("go", { sandbox: "read-only", approvalPolicy: "on-request" });

const holding = new Gate();

export const SCENES: readonly Scene[] = [
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
    parts: ["text Comment", "reasoning Thinking", "reasoning raw", "text Hello"],
  },
  {
    name: "commands",
    script: [command("echo out"), command("exit 3"), command("seq 1 9"), "ok"],
    parts: [
      "command output-available out\n",
      "command output-available ",
      `command output-available ${[1, 2, 3, 4, 5, 6, 7, 8, 9, ""].join("\n")}`,
      "text ok",
    ],
  },
  {
    name: "a command that is allowed, and one that isn't",
    script: [
      command("echo yes", { escalate: "to see" }),
      command("echo no; rm x", { escalate: "to see" }),
      "ok",
    ],
    start: asking,
    answer: (request) =>
      request.answer(JSON.stringify(request.detail).includes("echo no") ? "decline" : "accept"),
    parts: ["command output-available yes\n approved", "command output-denied refused", "text ok"],
  },
  {
    name: "file changes",
    script: [
      patch(ADD),
      patch(patchOf("*** Update File: a.txt", "@@", " one", "-two", "+three")),
      patch(patchOf("*** Delete File: a.txt")),
      "ok",
    ],
    parts: [...Array(3).fill("fileChange output-available"), "text ok"],
  },
  {
    name: "file changes of which one is refused",
    script: [patch(ADD), patch(patchOf("*** Add File: b.txt", "+b")), "ok"],
    start: asking,
    answer: (request) =>
      request.answer(JSON.stringify(request.detail).includes("b.txt") ? "decline" : "accept"),
    parts: ["fileChange output-available approved", "fileChange output-denied refused", "text ok"],
  },
  {
    name: "a call of an MCP server's tool, which asks for a form and a link",
    script: [mcpCall, "ok"],
    answer: (request) =>
      request.answer("accept", request.kind === "form" ? { directory: "/tmp" } : undefined),
    parts: [
      "odd.go output-available approved",
      "form output-available approved",
      "url output-available approved",
      "text ok",
    ],
  },
  {
    name: "a call of an MCP server's tool that is refused",
    script: [mcpCall, "ok"],
    answer: (request) => request.answer("decline"),
    parts: ["odd.go output-denied refused", "text ok"],
  },
  {
    name: "calls of the program's own tools",
    script: [functionCall("look", { what: "x" }), functionCall("break"), "ok"],
    parts: ["look output-available", "break output-error Tool break failed: broken", "text ok"],
  },
  {
    name: "questions of the agent",
    script: [functionCall("request_user_input", { questions: QUESTIONS }), "ok"],
    answer: (request) => request.answer("accept", { colour: "Blue" }),
    parts: ["userInput output-available approved", "text ok"],
  },
  {
    name: "a plan",
    script: [text(["Intro\n<proposed_", "plan>\n# Plan\n", "- b\n</proposed_plan>\nOutro"])],
    start: (thread) => thread.turn("go", PLAN_MODE),
    parts: ["text Intro\nOutro", "text # Plan\n- b\n"],
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
    parts: [
      "webSearch output-available",
      "webSearch output-available",
      "source-url https://x.example/",
      "text ok",
    ],
  },
  {
    name: "an image that is looked at",
    script: async (cwd) => {
      const file = path.join(cwd, "p.png");
      await writeFile(file, PNG);
      return [functionCall("view_image", { path: file }), "ok"];
    },
    parts: ["viewImage output-available", "text ok"],
  },
  {
    name: "a review",
    script: [NO_FINDINGS],
    start: (thread) => thread.review({ type: "custom", instructions: "look" }),
    parts: ["entry review", "entry review", "text fine"],
  },
  {
    name: "a compaction",
    script: ["first", "summary"],
    start: async (thread) => {
      await thread.run("go");
      const started = new Promise<Turn>((resolve) => thread.onTurn(resolve));
      await thread.compact();
      return started;
    },
    isUnkept: true,
    parts: ["entry compaction"],
  },
  {
    name: "a command of the user",
    script: [],
    start: (thread) => thread.shell("echo hi; exit 2"),
    isUnkept: true,
    parts: ["command output-available hi\n"],
  },
  {
    name: "a message that is added",
    script: () => Promise.resolve([text(["one ", holding, "two"]), "three"]),
    meanwhile: async (turn) => {
      await reached(turn, "item/agentMessage/delta");
      await turn.steer("and more");
      holding.open();
    },
    parts: ["text one ", "message and more", "text three"],
  },
  {
    name: "a sub-agent whose command waits for approval",
    start: asking,
    isUnordered: true,
    script: {
      rule: (() => {
        const root = [spawnAgent("helper"), waitForAgents(), "all done"];
        const child = [command("echo child", { escalate: "to see" }), "child done"];
        return (request: ModelRequest) =>
          (agentOf(request) === "/root" ? root.shift() : child.shift()) ?? "";
      })(),
    },
    parts: [
      "entry subAgent",
      "command output-available approved",
      "wait output-available",
      "entry subAgent",
      "text all done",
    ],
  },
  {
    name: "a turn that fails",
    script: [command("echo hi"), failure(500, { message: "oops" })],
    parts: ["command output-available hi\n"],
    ending: "error",
  },
  {
    name: "a turn that is interrupted in a command",
    script: [command("echo begun; sleep 60")],
    meanwhile: async (turn) => {
      await reached(turn, "item/started", "commandExecution");
      await turn.interrupt();
    },
    parts: ["command output-error The turn ended before the call did"],
    ending: "abort",
  },
  {
    name: "a turn that is interrupted in a text",
    script: [text(["partial", new Gate(), "never"])],
    meanwhile: async (turn) => {
      await reached(turn, "item/agentMessage/delta");
      await turn.interrupt();
    },
    parts: ["text partial"],
    ending: "abort",
  },
  {
    name: "a turn that is interrupted while a command waits for approval",
    script: [command("echo hi", { escalate: "to see" })],
    start: asking,
    answer: () => undefined,
    meanwhile: async (turn, codex) => {
      await codex.requests.next({ threadId: turn.threadId });
      await turn.interrupt();
    },
    parts: ["command output-denied refused"],
    ending: "abort",
  },
];

/** Starts a scene, and lets it run on its own. */
export async function play(
  { script, start, meanwhile, answer }: Scene,
  { codex, model, cwd }: { codex: Codex; model: Model; cwd: string },
): Promise<{ readonly turn: Turn; readonly done: Promise<unknown> }> {
  if (typeof script === "function") model.enqueue(...(await script(cwd)));
  else if ("rule" in script) model.respond(script.rule);
  else model.enqueue(...script);
  const thread = await codex.threadStart({ sandbox: "danger-full-access", tools: TOOLS });
  const turn = await (start ?? ((one) => one.turn("go")))(thread, codex);
  const answering = codex.requests.on("added", (request) => {
    (answer ?? ((one) => one.answer("accept")))(request);
  });
  for (const request of codex.requests.pending) {
    (answer ?? ((one) => one.answer("accept")))(request);
  }
  const done = Promise.all([meanwhile?.(turn, codex), turn.run()]).finally(() =>
    answering[Symbol.dispose](),
  );
  return { turn, done };
}

interface Model {
  enqueue(...replies: readonly Reply[]): unknown;
  respond(rule: (request: ModelRequest) => Reply): unknown;
}
