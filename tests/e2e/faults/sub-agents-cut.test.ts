import { expect, test } from "vitest";
import { type CodexOptions, type RequestContext, type Tool, tool } from "../../../src/index.ts";
import { command, functionCall, Gate, type Part, reply, text } from "../../../src/testing/index.ts";
import { nextOf } from "../../support/e2e.ts";
import { startRelay } from "../../support/relay.ts";
import { startServed } from "../../support/served.ts";
import {
  family,
  NESTED_AGENTS,
  SUB_AGENTS,
  spawnAgent,
  spawnNested,
  waitForAgents,
} from "../../support/sub-agents.ts";

const NOTHING = { type: "object", properties: {}, required: [], additionalProperties: false };

/** A request that is answered only when the test opens the gate. */
function heldQuestion() {
  const gate = new Gate();
  const question = { gate, times: 0, hold };
  function hold(): Promise<void> {
    question.times++;
    return gate.wait(new AbortController().signal);
  }
  return question;
}

/** Runs a turn whose sub-agent makes this call, and cuts the connection three times while its question is pending. */
async function throughCuts(
  call: Part,
  question: ReturnType<typeof heldQuestion>,
  options: CodexOptions,
  tools: readonly Tool[] = [],
) {
  let asked = 0;
  const parent = [spawnAgent("helper"), waitForAgents(), "all done"];
  await using served = await startServed(
    family(
      () => parent[asked++] ?? "later",
      ({ lastOutput }) => (lastOutput === undefined ? call : "child done"),
    ),
  );
  await using relay = await startRelay(served.port);
  const codex = served.client({ onWarning: () => {}, ...options }, relay.port);
  const thread = await codex.threadStart({
    config: SUB_AGENTS,
    tools,
    sandbox: "read-only",
    approvalPolicy: "on-request",
  });
  const running = thread.run("go", { timeoutMs: 12_000 });
  await question.gate.reached;
  for (let cut = 0; cut < 3; cut++) {
    const back = new Promise<void>((resolve) => {
      const listening = codex.onStatus(({ state }) => {
        if (state !== "ready") return;
        listening[Symbol.dispose]();
        resolve();
      });
    });
    relay.cut();
    await back;
  }
  question.gate.open();
  const { text } = await running;
  return { text, outputs: served.model.requests.map(({ lastOutput }) => lastOutput) };
}

test("a sub-agent's tool call that is pending when the connection is lost is answered once", async () => {
  const question = heldQuestion();
  const lookup = tool({
    name: "lookup",
    description: "Looks something up.",
    input: NOTHING,
    execute: async () => {
      await question.hold();
      return "found it";
    },
  });
  const { text, outputs } = await throughCuts(functionCall("lookup", {}), question, {}, [lookup]);
  expect([text, question.times]).toEqual(["all done", 1]);
  expect(outputs).toContain("found it");
});

test("a sub-agent's approval that is pending when the connection is lost is answered once", async () => {
  const question = heldQuestion();
  const approvals = {
    command: async () => {
      await question.hold();
      return "accept" as const;
    },
  };
  const call = command("echo approved", { escalate: "to see" });
  const { text, outputs } = await throughCuts(call, question, { approvals });
  expect([text, question.times]).toEqual(["all done", 1]);
  expect(outputs).toContainEqual(expect.stringContaining("approved"));
});

test("a sub-agent that is spawned without a connection has its parent's tools", async () => {
  const gate = new Gate();
  let asked = 0;
  const parent = [reply("Thinking.", gate, spawnAgent("helper")), waitForAgents(), "all done"];
  await using served = await startServed(
    family(
      () => parent[asked++] ?? "later",
      ({ lastOutput }) => (lastOutput === undefined ? functionCall("lookup", {}) : "child done"),
    ),
  );
  await using relay = await startRelay(served.port);
  const codex = served.client(
    { onWarning: () => {}, reconnect: { initialDelayMs: 400, jitterRatio: 0 } },
    relay.port,
  );
  const lookup = tool({
    name: "lookup",
    description: "Looks something up.",
    input: NOTHING,
    execute: () => "found it",
  });
  const thread = await codex.threadStart({ config: SUB_AGENTS, tools: [lookup] });
  const running = thread.run("go", { timeoutMs: 20_000 });
  await gate.reached;
  const lost = new Promise<void>((resolve) => {
    codex.onStatus(({ state }) => state === "reconnecting" && resolve());
  });
  relay.cut();
  await lost;
  gate.open();
  expect((await running).text).toBe("all done");
  const outputs = served.model.requests.map(({ lastOutput }) => lastOutput);
  expect(outputs).toContain("found it");
});

test.each([
  ["the first turn", "first"],
  ["a sub-agent", "middle"],
])(
  "what the sub-agent of a sub-agent asks is answered, though %s spawned without a connection",
  async (_who, cutAt) => {
    const gates = { spawn: new Gate(), first: new Gate(), last: new Gate() };
    const spawn = (by: string, child: string) => {
      return by === cutAt
        ? reply("Thinking.", gates.spawn, spawnNested(child))
        : spawnNested(child);
    };
    await using served = await startServed(({ userText, lastOutput }) => {
      const isFirst = lastOutput === undefined;
      switch (userText) {
        case "first":
          return isFirst ? spawn("first", "middle") : text(["working", gates.first]);
        case "middle":
          return isFirst ? spawn("middle", "last") : "done";
        case "last":
          return isFirst ? command("ls", { escalate: "to see" }) : text(["working", gates.last]);
        default:
          return "later";
      }
    });
    await using relay = await startRelay(served.port);
    const contexts: RequestContext[] = [];
    const codex = served.client(
      {
        onWarning: () => {},
        reconnect: { initialDelayMs: 1_000, jitterRatio: 0 },
        approvals: {
          command: (_params, context) => {
            contexts.push(context);
            return "decline";
          },
        },
      },
      relay.port,
    );
    const thread = await codex.threadStart({ config: NESTED_AGENTS });
    const turn = await thread.turn("first", { timeoutMs: 20_000 });
    await gates.spawn.reached;
    const lost = new Promise<void>((resolve) => {
      codex.onStatus(({ state }) => state === "reconnecting" && resolve());
    });
    relay.cut();
    await lost;
    gates.spawn.open();
    await Promise.all([gates.first.reached, gates.last.reached]);
    expect(contexts).toHaveLength(1);
    expect([contexts[0]?.threadId, contexts[0]?.parentThreadId]).not.toContain(thread.id);
    await turn.interrupt();
  },
);

test("a sub-agent that is spawned without a connection ends with the turn that was interrupted in the meantime", async () => {
  const gates = { spawn: new Gate(), parent: new Gate(), child: new Gate() };
  await using served = await startServed(
    family(
      ({ lastOutput }) =>
        lastOutput === undefined
          ? reply("Thinking.", gates.spawn, spawnAgent("helper"))
          : text(["working", gates.parent]),
      () => text(["working", gates.child]),
    ),
  );
  await using relay = await startRelay(served.port);
  const codex = served.client(
    { onWarning: () => {}, reconnect: { initialDelayMs: 1_000, jitterRatio: 0 } },
    relay.port,
  );
  const thread = await codex.threadStart({ config: SUB_AGENTS });
  const turn = await thread.turn("go");
  await gates.spawn.reached;
  const childEnds = nextOf(codex, "turn/completed", ({ threadId }) => threadId !== thread.id);
  const lost = new Promise<void>((resolve) => {
    codex.onStatus(({ state }) => state === "reconnecting" && resolve());
  });
  relay.cut();
  await lost;
  gates.spawn.open();
  await Promise.all([gates.parent.reached, gates.child.reached]);
  await turn.interrupt();
  expect((await turn.run()).status).toBe("interrupted");
  expect((await childEnds).turn.status).toBe("interrupted");
});
