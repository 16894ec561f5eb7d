import { describe, expect, test } from "vitest";
import { type RequestContext, type ThreadStartOptions, tool } from "../../../src/index.ts";
import {
  command,
  functionCall,
  Gate,
  patch,
  reply,
  type ScriptedOptions,
  startScripted,
  text,
} from "../../../src/testing/index.ts";
import { descendantsRunning } from "../../support/commands.ts";
import { collectWarnings, nextOf } from "../../support/e2e.ts";
import {
  family,
  NESTED_AGENTS,
  type Script,
  SUB_AGENTS,
  spawnAgent,
  spawnNested,
  waitForAgents,
} from "../../support/sub-agents.ts";
import { waitUntil } from "../../support/wait-until.ts";

const NOTHING = { type: "object", properties: {}, required: [], additionalProperties: false };

/** A thread whose first turn spawns a sub-agent; `child` returns the sub-agent's replies. */
async function parentOf(child: Script, options: ScriptedOptions = {}) {
  const { warnings, onWarning } = collectWarnings();
  let asked = 0;
  const scripted = await startScripted({
    config: SUB_AGENTS,
    onWarning,
    script: family(
      () => [spawnAgent("helper"), waitForAgents(), text("all done")][asked++] ?? "later",
      child,
    ),
    ...options,
  });
  const start = (more: ThreadStartOptions = {}) => scripted.codex.threadStart(more);
  return { ...scripted, start, warnings };
}

/** A child's replies: it makes one call, and answers with its result. */
const childSays = (call: ReturnType<typeof functionCall>): Script => {
  return (request) => (request.lastOutput === undefined ? call : `child: ${request.lastOutput}`);
};

describe("a sub-agent", () => {
  test("calls a tool of its parent, which gets the child's thread", async () => {
    let calls = 0;
    const lookup = tool({
      name: "lookup",
      description: "Looks something up.",
      input: NOTHING,
      execute: () => {
        calls++;
        return "found it";
      },
    });
    await using s = await parentOf(childSays(functionCall("lookup", {})));
    const thread = await s.start({ tools: [lookup] });
    const result = await thread.run("go");
    expect(result.text).toBe("all done");
    expect(calls).toBe(1);
    const outputs = s.model.requests.map(({ lastOutput }) => lastOutput);
    expect(outputs).toContain("found it");
  });

  test.each([
    ["command", childSays(command("echo hi", { escalate: "to see" })), "commandExecution"],
    [
      "fileChange",
      childSays(patch("*** Begin Patch\n*** Add File: a.txt\n+a\n*** End Patch\n")),
      "fileChange",
    ],
  ] as const)(
    "asks the parent's client for a %s, with the item and both threads",
    async (kind, child, type) => {
      const contexts: RequestContext[] = [];
      const rule = (_params: unknown, context: RequestContext) => {
        contexts.push(context);
        return "accept" as const;
      };
      await using s = await parentOf(child, { approvals: { [kind]: rule } });
      const thread = await s.start({ approvalPolicy: "on-request", sandbox: "read-only" });
      expect((await thread.run("go")).text).toBe("all done");
      expect(contexts).toHaveLength(1);
      expect(contexts[0]).toMatchObject({ item: { type }, parentThreadId: thread.id });
      expect(contexts[0]?.threadId).not.toBe(thread.id);
    },
  );

  test("calls the tool even if it outlives the parent's turn", async () => {
    const gate = new Gate();
    const lookup = tool({
      name: "lookup",
      description: "Looks something up.",
      input: NOTHING,
      execute: () => "found it",
    });
    const child: Script = ({ lastOutput }) =>
      lastOutput === undefined ? reply(gate, functionCall("lookup", {})) : "child done";
    await using s = await parentOf(child, {
      script: family(
        ({ lastOutput }) => (lastOutput === undefined ? spawnAgent("helper") : "on its own now"),
        child,
      ),
    });
    const thread = await s.start({ tools: [lookup] });
    expect((await thread.run("go")).text).toBe("on its own now");
    const ended = nextOf(s.codex, "turn/completed", (p) => p.threadId !== thread.id);
    gate.open();
    await ended;
    expect(s.model.requests.map(({ lastOutput }) => lastOutput)).toContain("found it");
  });

  test("ends when its parent is interrupted, with its command", async () => {
    const line = `sleep 48.${process.pid}`;
    await using s = await parentOf(childSays(command(line, { args: { yield_time_ms: 30_000 } })));
    const thread = await s.start({ sandbox: "danger-full-access", approvalPolicy: "never" });
    const begun = nextOf(s.codex, "item/started", (p) => p.item.type === "commandExecution");
    const turn = await thread.turn("go");
    const { threadId: childId } = await begun;
    expect(childId).not.toBe(thread.id);
    expect(descendantsRunning(line)).not.toHaveLength(0);
    const childEnded = nextOf(s.codex, "turn/completed", (p) => p.threadId === childId);
    await turn.interrupt();
    expect((await childEnded).turn.status).toBe("interrupted");
    await waitUntil("the command has ended", () => descendantsRunning(line).length === 0, 5_000);
    expect((await turn.run()).status).toBe("interrupted");
  });

  test("of a sub-agent that has ended itself ends with the first turn, and knows its parent", async () => {
    const gates = { first: new Gate(), last: new Gate() };
    const contexts: RequestContext[] = [];
    const asks = command("ls", { escalate: "to see" });
    await using s = await startScripted({
      config: NESTED_AGENTS,
      approvals: {
        command: (_params, context) => {
          contexts.push(context);
          return "decline";
        },
      },
      script: ({ userText, lastOutput }) => {
        const hasSpawned = lastOutput !== undefined;
        switch (userText) {
          case "middle":
            return hasSpawned ? "done" : spawnNested("last");
          case "last":
            return hasSpawned ? text(["working", gates.last]) : asks;
          default:
            return hasSpawned ? text(["working", gates.first]) : spawnNested("middle");
        }
      },
    });
    const thread = await s.codex.threadStart();
    const middleEnds = nextOf(s.codex, "turn/completed");
    const turn = await thread.turn("first");
    const { threadId: middle } = await middleEnds;
    await Promise.all([gates.first.reached, gates.last.reached]);
    const [{ threadId: last } = {}] = contexts;
    expect(contexts).toMatchObject([{ parentThreadId: middle }]);
    const lastEnds = nextOf(s.codex, "turn/completed", (p) => p.threadId === last);
    await turn.interrupt();
    expect((await lastEnds).turn.status).toBe("interrupted");
  });

  test("one of several ends with the parent's turn too, when that is aborted", async () => {
    const gate = new Gate();
    const spawned = [spawnAgent("one"), spawnAgent("two"), waitForAgents()];
    let asked = 0;
    await using s = await parentOf(() => "unused", {
      script: family(
        () => spawned[asked++] ?? "later",
        () => text(["thinking", gate]),
      ),
    });
    const thread = await s.start();
    const controller = new AbortController();
    const speaking = new Set<string>();
    const bothSpeak = nextOf(s.codex, "item/agentMessage/delta", ({ threadId }) => {
      return speaking.add(threadId).size === 2;
    });
    const running = thread.run("go", { signal: controller.signal });
    await bothSpeak;
    const ended = new Map<string, string>();
    const bothEnd = nextOf(s.codex, "turn/completed", ({ threadId, turn }) => {
      if (threadId !== thread.id) ended.set(threadId, turn.status);
      return ended.size === 2;
    });
    controller.abort(new Error("enough"));
    await expect(running).rejects.toThrow("enough");
    await bothEnd;
    expect([...ended.values()]).toEqual(["interrupted", "interrupted"]);
    gate.open();
  });
});
