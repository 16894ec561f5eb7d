import { expect, test } from "vitest";
import { Codex, type CodexOptions, type ThreadItem } from "../../../src/index.ts";
import {
  command,
  functionCall,
  isolatedHome,
  type ModelRequest,
  ScriptedModel,
  scriptedConfig,
} from "../../../src/testing/index.ts";
import { collectWarnings, nextOf } from "../../support/e2e.ts";
import { startServed } from "../../support/served.ts";
import { NESTED_AGENTS, spawnNested } from "../../support/sub-agents.ts";

const ASKING = { approvalPolicy: "on-request", sandbox: "read-only" } as const;
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
  const waiting = nextOf(
    other,
    "thread/status/changed",
    ({ status }) => "activeFlags" in status && status.activeFlags.includes("waitingOnApproval"),
  );
  const running = thread.run("go");
  await waiting;
  // The request stands before the answers to these in the second client's connection.
  for (let n = 0; n < 3; n++) await other.request("thread/read", { threadId: thread.id });
  decide();
  const { items } = await running;
  return { status: commandOf(items)?.status, codes: warnings.map(({ code }) => code) };
}

function commandOf(items: readonly ThreadItem[]) {
  return items.find((item) => item.type === "commandExecution");
}

test("a second client without rules leaves requests of others' turns unanswered", async () => {
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

test('a client with approvals: "accept" leaves another client\'s turn on its sub-agent to it', async () => {
  const parent = [spawnNested("Do your part."), "Done."];
  const child = ["Done, too.", escaping, "done"];
  const isParents = ({ body }: ModelRequest) => JSON.stringify(body.input).includes('"go"');
  await using model = await ScriptedModel.start(
    (request) => (isParents(request) ? parent : child).shift() ?? "More.",
  );
  await using home = await isolatedHome({ ...scriptedConfig(model.url), ...NESTED_AGENTS });
  await using server = await Codex.serve({
    listen: "ws://127.0.0.1:0",
    env: home.env,
    cwd: home.path,
  });
  const { onWarning } = collectWarnings();
  const transport = server.endpoint();
  await using first = new Codex({ transport, onWarning, approvals: "accept" });
  let decide = (): void => {};
  const hasTime = new Promise<void>((resolve) => {
    decide = resolve;
  });
  const command = () => hasTime.then(() => "decline" as const);
  await using other = new Codex({ transport, onWarning, approvals: { command } });
  const thread = await first.threadStart(ASKING);
  const ended = nextOf(first, "turn/completed", ({ threadId }) => threadId !== thread.id);
  await thread.run("go");
  const { threadId } = await ended;
  const theirs = await other.threadResume(threadId);
  const waiting = nextOf(
    first,
    "thread/status/changed",
    ({ status }) => "activeFlags" in status && status.activeFlags.includes("waitingOnApproval"),
  );
  const running = theirs.run("work");
  await waiting;
  // The request stands before the answers to these in the first client's connection.
  for (let n = 0; n < 3; n++) await first.request("thread/read", { threadId });
  decide();
  expect(commandOf((await running).items)?.status).toBe("declined");
});
