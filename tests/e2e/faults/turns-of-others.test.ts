import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type CodexOptions, type RequestContext, type Tool, tool } from "../../../src/index.ts";
import {
  command,
  functionCall,
  Gate,
  type ModelRequest,
  patch,
  type Reply,
  reply,
  startScripted,
} from "../../../src/testing/index.ts";
import { nextOf } from "../../support/e2e.ts";
import { untilCollected } from "../../support/garbage.ts";
import { startServed } from "../../support/served.ts";

const NOTHING = { type: "object", properties: {}, required: [], additionalProperties: false };
const PATCH = patch("*** Begin Patch\n*** Add File: a.txt\n+a\n*** End Patch\n");
const ASKING = { approvalPolicy: "on-request", sandbox: "read-only" } as const;

function lookup(execute: () => string): Tool {
  return tool({ name: "lookup", description: "Looks something up.", input: NOTHING, execute });
}

/** A client whose thread has a goal; the model makes this call to reach it. */
async function withGoal(call: Reply, options: CodexOptions & { tools?: Tool[] } = {}) {
  const { tools, ...more } = options;
  const scripted = await startScripted({
    ...more,
    config: { features: { goals: true } },
    script: [call, functionCall("update_goal", { status: "complete" }), "done"],
  });
  const { codex } = scripted;
  const ended = nextOf(codex, "turn/completed");
  const start = async () => {
    const thread = await codex.threadStart({ ...ASKING, ...(tools && { tools }) });
    const goal = { threadId: thread.id, objective: "make it", status: "active" } as const;
    await codex.request("thread/goal/set", goal);
    return new WeakRef(thread);
  };
  return { ...scripted, ended, start };
}

describe("a turn that a goal has started", () => {
  test("asks for a file change with its item, so that the README's rule accepts it", async () => {
    const contexts: RequestContext[] = [];
    await using s = await withGoal(PATCH, {
      approvals: {
        fileChange: (_params, context) => {
          contexts.push(context);
          return context.item?.type === "fileChange" ? "accept" : "decline";
        },
      },
    });
    await s.start();
    await s.ended;
    expect(contexts).toMatchObject([{ item: { type: "fileChange", changes: [{ diff: "a\n" }] } }]);
    expect(existsSync(join(s.cwd, "a.txt"))).toBe(true);
  });

  test("asks for a command with its item", async () => {
    const contexts: RequestContext[] = [];
    await using s = await withGoal(command("echo hi", { escalate: "to see" }), {
      approvals: {
        command: (_params, context) => {
          contexts.push(context);
          return "accept";
        },
      },
    });
    await s.start();
    await s.ended;
    expect(contexts).toMatchObject([{ item: { type: "commandExecution" } }]);
  });

  test("calls tools after the handle of its thread was collected", async () => {
    const gate = new Gate();
    let calls = 0;
    const tools = [
      lookup(() => {
        calls++;
        return "found it";
      }),
    ];
    await using s = await withGoal(reply(gate, functionCall("lookup", {})), { tools });
    const handle = await s.start();
    await gate.reached;
    await untilCollected("the handle", [handle]);
    gate.open();
    await s.ended;
    expect(calls).toBe(1);
    expect(s.model.requests.map(({ lastOutput }) => lastOutput)).toContain("found it");
  });
});

describe("a turn of this program whose handles were all collected", () => {
  test("still calls its tools, and requests approvals with its items", async () => {
    const gate = new Gate();
    const contexts: RequestContext[] = [];
    let calls = 0;
    const script = [reply(gate, functionCall("lookup", {})), PATCH, "done"];
    await using s = await startScripted({
      script,
      approvals: {
        fileChange: (_params, context) => {
          contexts.push(context);
          return "accept";
        },
      },
    });
    const ended = nextOf(s.codex, "turn/completed");
    const refs = await (async () => {
      const tools = [
        lookup(() => {
          calls++;
          return "found it";
        }),
      ];
      const thread = await s.codex.threadStart({ ...ASKING, tools });
      const turn = await thread.turn("go");
      return [new WeakRef(thread), new WeakRef(turn)];
    })();
    await gate.reached;
    await untilCollected("the handles", refs);
    gate.open();
    expect((await ended).turn.status).toBe("completed");
    expect(calls).toBe(1);
    expect(contexts).toMatchObject([{ item: { type: "fileChange" } }]);
  });
});

describe("a turn that another client of the server has started", () => {
  const byWords =
    (call: Reply) =>
    (request: ModelRequest): Reply =>
      request.lastOutput === undefined && request.userText === "theirs"
        ? call
        : `echo ${request.userText}`;

  test("asks this client's rule with the item", async () => {
    await using served = await startServed(byWords(PATCH));
    const contexts: RequestContext[] = [];
    const here = served.client({
      approvals: {
        fileChange: (_params, context) => {
          contexts.push(context);
          return context.item?.type === "fileChange" ? "accept" : "decline";
        },
      },
    });
    // Its handler leaves the decision to the other client.
    const there = served.client({
      approvals: { fileChange: () => new Promise<"accept">(() => {}) },
    });
    const thread = await here.threadStart(ASKING);
    await thread.run("hi");
    const theirs = await there.threadResume(thread.id);
    const result = await theirs.run("theirs");
    expect(contexts).toMatchObject([{ item: { type: "fileChange", changes: [{ diff: "a\n" }] } }]);
    expect(result.items.filter(({ type }) => type === "fileChange")).toMatchObject([
      { status: "completed" },
    ]);
  });

  test("calls the tools that this client has for the thread", async () => {
    await using served = await startServed(byWords(functionCall("lookup", {})));
    let calls = 0;
    const here = served.client();
    // It has no tools, and leaves the answer to the client that has the tool.
    const there = served.client({
      handlers: { "item/tool/call": () => new Promise(() => {}) },
    });
    const tools = [
      lookup(() => {
        calls++;
        return "found it";
      }),
    ];
    const thread = await here.threadStart({ ...ASKING, tools });
    await thread.run("hi");
    const theirs = await there.threadResume(thread.id);
    expect((await theirs.run("theirs", { timeoutMs: 8_000 })).status).toBe("completed");
    expect(calls).toBe(1);
    const outputs = served.model.requests.map(({ lastOutput }) => lastOutput);
    expect(outputs).toContain("found it");
  });

  test("holds back a run() of this client, and neither is merged into the other", async () => {
    const gate = new Gate();
    await using served = await startServed(({ userText }) =>
      userText === "theirs" ? reply(gate, "echo theirs") : `echo ${userText}`,
    );
    const [here, there] = [served.client(), served.client()];
    const thread = await here.threadStart();
    await thread.run("hi");
    const theirs = await there.threadResume(thread.id);
    const running = theirs.run("theirs");
    await gate.reached;
    const mine = thread.run("mine");
    await here.modelList();
    gate.open();
    expect((await running).text).toBe("echo theirs");
    expect((await mine).text).toBe("echo mine");
  });
});
