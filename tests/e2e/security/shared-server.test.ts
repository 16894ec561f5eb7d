import { describe, expect, test } from "vitest";
import type {
  Codex,
  CodexOptions,
  RequestContext,
  Thread,
  ThreadItem,
} from "../../../src/index.ts";
import {
  command,
  functionCall,
  Gate,
  type ModelRequest,
  reply,
  text,
} from "../../../src/testing/index.ts";
import { collectWarnings, nextOf, waitsForApproval } from "../../support/e2e.ts";
import { startRelay } from "../../support/relay.ts";
import { reconnected, startServed } from "../../support/served.ts";
import { NESTED_AGENTS, spawnNested } from "../../support/sub-agents.ts";

const ASKING = { approvalPolicy: "on-request", sandbox: "read-only" } as const;
const V1 = { namespace: "multi_agent_v1" };
const escaping = command("echo made", { escalate: "to see what happens" });

/**
 * Two clients of one server see the same thread. The first starts a turn that asks for an approval,
 * and decides only when the second has received the request too.
 */
async function decidedBy(decision: "accept" | "decline", second: CodexOptions) {
  await using served = await startServed(["hello", escaping, "done"]);
  let decide = (): void => {};
  const hasTime = new Promise<void>((resolve) => {
    decide = resolve;
  });
  const first = served.client({ approvals: { command: () => hasTime.then(() => decision) } });
  const { warnings, onWarning } = collectWarnings();
  const other = served.client({ onWarning, ...second });
  const thread = await first.threadStart(ASKING);
  await thread.run("hi");
  await other.threadResume(thread.id);
  const waiting = waitsForApproval(other);
  const running = thread.run("go");
  await waiting;
  // On the second client's connection, the request arrives before the answers to these calls.
  for (let n = 0; n < 3; n++) await other.request("thread/read", { threadId: thread.id });
  decide();
  const { items } = await running;
  return { status: commandOf(items)?.status, codes: warnings.map(({ code }) => code) };
}

function commandOf(items: readonly ThreadItem[]) {
  return items.find((item) => item.type === "commandExecution");
}

test("a second client without rules leaves the requests of other clients' turns unanswered", async () => {
  expect(await decidedBy("accept", {})).toEqual({ status: "completed", codes: [] });
});

test('and so does one with approvals: "accept", which grants nothing for others', async () => {
  const second = { approvals: "accept" } as const;
  expect(await decidedBy("decline", second)).toEqual({ status: "declined", codes: [] });
});

test('and one with approvals: "decline", which refuses nothing for others', async () => {
  const second = { approvals: "decline" } as const;
  expect(await decidedBy("accept", second)).toEqual({ status: "completed", codes: [] });
});

test("rules for kinds decide for others' turns too: the first answer counts", async () => {
  const second = { approvals: { command: () => "decline" as const } };
  expect(await decidedBy("accept", second)).toEqual({ status: "declined", codes: [] });
});

test.each([
  { questions: "ask" },
  { mcpTool: "accept", fileChange: "decline" },
  { command: undefined },
] as const)(
  "rules %j, with none for commands, leave commands of others' turns to them",
  async (approvals) => {
    expect(await decidedBy("accept", { approvals })).toEqual({ status: "completed", codes: [] });
  },
);

test("a client that starts a turn on another client's thread decides its approvals", async () => {
  await using served = await startServed(["hello", escaping, "done"]);
  const first = served.client({ approvals: "decline" });
  const thread = await first.threadStart(ASKING);
  await thread.run("hi");
  const other = served.client({ approvals: "accept" });
  const resumed = await other.threadResume(thread.id);
  expect(commandOf((await resumed.run("go")).items)?.status).toBe("completed");
});

const setGoal = (other: Codex, { id: threadId }: Thread) =>
  other.request("thread/goal/set", { threadId, objective: "make it", status: "active" });
const giveOutput = (other: Codex, { id: threadId }: Thread) =>
  other.request("turn/start", {
    ...{ threadId, input: [] },
    toolOutput: { name: "lookup", namespace: null, output: "found" },
  });
const sendMessage = (thread: Thread) => thread.turn("And be quick.");
const runShell = (thread: Thread) => thread.shell("true");

test.each([
  ["message", "turn", sendMessage, (_other: Codex, theirs: Thread) => theirs.turn("go")],
  ["message", "goal", sendMessage, setGoal],
  ["message", "turn with a tool's output", sendMessage, giveOutput],
  ["shell command", "goal", runShell, setGoal],
  ["shell command", "turn with a tool's output", runShell, giveOutput],
])(
  "a client whose %s was merged into another client's %s leaves the approvals to it",
  async (_what, _into, join, start) => {
    const begun = new Gate();
    const complete = functionCall("update_goal", { status: "complete" });
    // A message makes the model answer again immediately.
    const working = reply(text(["Well", begun]), escaping);
    const replies = ["hello", working, escaping, complete, "done", "done"];
    await using served = await startServed(replies);
    await using relay = await startRelay(served.port);
    const decided = new Gate();
    const command = async (_params: unknown, { signal }: RequestContext) => {
      await decided.wait(signal);
      return "decline" as const;
    };
    const { onWarning } = collectWarnings();
    const other = served.client({ onWarning, approvals: { command } });
    const theirs = await other.threadStart({ ...ASKING, config: { features: { goals: true } } });
    await theirs.run("hi");
    const first = served.client({ onWarning, approvals: "accept" }, relay.port);
    const thread = await first.threadResume(theirs.id);
    const isAgents = (item: ThreadItem) =>
      item.type === "commandExecution" && item.source !== "userShell";
    const ended = nextOf(other, "item/completed", ({ item }) => isAgents(item));
    const begins = nextOf(other, "item/agentMessage/delta");
    const held = relay.hold();
    await start(other, theirs);
    await begins;
    // The first client hasn't been notified of the turn yet.
    const sent = relay.nextSent();
    const joining = join(thread);
    await sent;
    held[Symbol.dispose]();
    const joined = await joining;
    begun.open();
    await decided.reached;
    for (let n = 0; n < 3; n++) await first.request("thread/read", { threadId: thread.id });
    decided.open();
    const { turnId, item } = await ended;
    expect(turnId).toBe(joined.id);
    expect(commandOf([item])?.status).toBe("declined");
  },
);

test("questions of others' turns are left to them", async () => {
  const options = [{ label: "Red", description: "like roses" }];
  const questions = [{ id: "colour", header: "Colour", question: "Which?", options }];
  const asking = functionCall("request_user_input", { questions });
  await using served = await startServed(["hello", asking, "done"]);
  const first = served.client({
    handlers: {
      "item/tool/requestUserInput": async () => {
        await other.request("thread/read", { threadId: thread.id });
        return { answers: { colour: { answers: ["Red"] } } };
      },
    },
  });
  const { warnings, onWarning } = collectWarnings();
  const other = served.client({ onWarning });
  const config = { features: { default_mode_request_user_input: true } };
  const thread = await first.threadStart({ config });
  await thread.run("hi");
  await other.threadResume(thread.id);
  await thread.run("ask");
  expect(served.model.requests[2]?.lastOutput).toContain("Red");
  expect(warnings).toEqual([]);
});

/**
 * The first client, with `approvals: "accept"`, has a sub-agent, which the other client has loaded. `start` makes
 * the sub-agent ask for an approval. The other client declines it only when the first has received the request too.
 */
async function onSubAgent(
  start: (
    threads: { readonly parent: Thread; readonly child: Thread },
    gap: { begin(): void; end(): Promise<void> },
    asked: Promise<void>,
  ) => Promise<unknown>,
) {
  let childId = "";
  const isSaid = ({ body }: ModelRequest, text: string) =>
    JSON.stringify(body.input).includes(`"${text}"`);
  const [spawn, giveMore] = [
    [spawnNested("Do your part.")],
    [() => functionCall("send_input", { target: childId, message: "More." }, V1)],
  ];
  const child = ["Done, too.", escaping, "done"];
  await using served = await startServed((request) => {
    if (!isSaid(request, "go")) return child.shift() ?? "More.";
    // When the sub-agent ends, the server can ask once more.
    const more = isSaid(request, "give it more") ? giveMore.shift()?.() : undefined;
    return spawn.shift() ?? more ?? "Done.";
  });
  await using relay = await startRelay(served.port);
  const reconnect = { initialDelayMs: 10, maxDelayMs: 10 };
  const { onWarning } = collectWarnings();
  const first = served.client({ onWarning, reconnect, approvals: "accept" }, relay.port);
  const decided = new Gate();
  const command = async (_params: unknown, { signal }: RequestContext) => {
    await decided.wait(signal);
    return "decline" as const;
  };
  const other = served.client({ onWarning, approvals: { command } });
  const thread = await first.threadStart({ ...ASKING, config: NESTED_AGENTS });
  const ended = nextOf(first, "turn/completed", ({ threadId }) => threadId !== thread.id);
  await thread.run("go");
  childId = (await ended).threadId;
  const threads = {
    parent: await other.threadResume(thread.id),
    child: await other.threadResume(childId),
  };
  const gap = {
    begin: () => {
      relay.isOpen = false;
      relay.cut();
    },
    end: async () => {
      relay.isOpen = true;
      await reconnected(first);
    },
  };
  const asked = decided.reached;
  const over = nextOf(other, "item/completed", ({ item }) => item.type === "commandExecution");
  await start(threads, gap, asked);
  await asked;
  // The server repeats the request before it answers these.
  await first.threadResume(childId);
  for (let n = 0; n < 3; n++) await first.request("thread/read", { threadId: childId });
  decided.open();
  return commandOf([(await over).item])?.status;
}

/**
 * The second client starts a turn without a message on the thread of the first one, which has
 * `approvals: "accept"`. The second declines only when the first has received the request too.
 */
async function withoutMessage(start: (other: Codex, threadId: string) => Promise<unknown>) {
  const complete = functionCall("update_goal", { status: "complete" });
  await using served = await startServed(["hello", escaping, complete, "done", "done"]);
  const { onWarning } = collectWarnings();
  const first = served.client({ onWarning, approvals: "accept" });
  const decided = new Gate();
  const command = async (_params: unknown, { signal }: RequestContext) => {
    await decided.wait(signal);
    return "decline" as const;
  };
  const other = served.client({ onWarning, approvals: { command } });
  const thread = await first.threadStart({ ...ASKING, config: { features: { goals: true } } });
  await thread.run("hi");
  await other.threadResume(thread.id);
  const asked = decided.reached;
  const over = nextOf(other, "item/completed", ({ item }) => item.type === "commandExecution");
  await start(other, thread.id);
  await asked;
  for (let n = 0; n < 3; n++) await first.request("thread/read", { threadId: thread.id });
  decided.open();
  return commandOf([(await over).item])?.status;
}

describe('a client with approvals: "accept" leaves to another client', () => {
  test("the turns of its goal", async () => {
    const status = await withoutMessage((other, threadId) =>
      other.request("thread/goal/set", { threadId, objective: "make it", status: "active" }),
    );
    expect(status).toBe("declined");
  });

  test("its turn that starts with a tool's output", async () => {
    const status = await withoutMessage((other, threadId) =>
      other.request("turn/start", {
        ...{ threadId, input: [] },
        toolOutput: { name: "lookup", namespace: null, output: "found" },
      }),
    );
    expect(status).toBe("declined");
  });

  test("its turn on the first one's sub-agent", async () => {
    const status = await onSubAgent(({ child }) => child.turn("work"));
    expect(status).toBe("declined");
  });

  test("such a turn that began while the first one had no connection", async () => {
    const status = await onSubAgent(async ({ child }, gap, asked) => {
      gap.begin();
      await child.turn("work");
      await asked;
      await gap.end();
    });
    expect(status).toBe("declined");
  });

  test("its turn on the parent, which gives the sub-agent more work", async () => {
    const status = await onSubAgent(({ parent }) => parent.turn("give it more"));
    expect(status).toBe("declined");
  });
});
