import { HttpAgent } from "@ag-ui/client";
import type { Interrupt, ResumeEntry, RunAgentInput } from "@ag-ui/core";
import { EventSchemas } from "@ag-ui/core/schemas";
import { describe, expect, test } from "vitest";
import type { Turn } from "../../../src/index.ts";
import { type TurnAGUIEvent, toAGUI, toAGUIResponse } from "../../../src/web/index.ts";
import { collect, sharedServer } from "../../support/e2e.ts";
import { play, SCENE_SERVER, SCENES, type Scene } from "../../support/turn-scenes.ts";

const server = sharedServer(SCENE_SERVER);

/** A scene whose requests stay pending. */
async function waiting(name: string): Promise<{ turn: Turn; done: Promise<unknown> }> {
  const scene = SCENES.find((one) => one.name === name) as Scene;
  return play({ ...scene, answer: () => undefined }, server);
}

/** A front end that answers each interrupt of a turn with another run, until there is none. */
async function runAll(
  turn: Turn,
  answer: (
    interrupt: Interrupt,
    run: number,
  ) => Partial<ResumeEntry> | Promise<Partial<ResumeEntry>>,
) {
  const events: { type: string }[] = [];
  const agent = new HttpAgent({
    url: "http://agent.example/",
    fetch: async (_url, { body }) => {
      const { runId, messages, resume } = JSON.parse(String(body)) as RunAgentInput;
      return toAGUIResponse(turn, { runId, messages, resume, interrupts: true });
    },
  });
  let runs = 0;
  let resume: ResumeEntry[] | undefined;
  const asked: Interrupt[] = [];
  do {
    await agent.runAgent(resume ? { resume } : {}, {
      onEvent: ({ event }) => void events.push(event),
    });
    runs += 1;
    expect(runs).toBeLessThan(10);
    asked.push(...agent.pendingInterrupts);
    resume = [];
    for (const one of agent.pendingInterrupts) {
      resume.push({ interruptId: one.id, status: "resolved", ...(await answer(one, runs)) });
    }
  } while (resume.length > 0);
  for (const event of events)
    expect(EventSchemas.safeParse(event)).toMatchObject({ success: true });
  return { messages: agent.messages, events, runs, asked };
}

/** Texts, calls and their final states, in the order in which the front end shows them. */
function shown({ messages }: Awaited<ReturnType<typeof runAll>>): string[] {
  const names = new Map<string, string>();
  return messages.flatMap((message) => {
    if (message.role === "tool") {
      return [`${names.get(message.toolCallId)} ${message.metadata?.codex?.state}`];
    }
    if (message.role !== "assistant") return [];
    for (const call of message.toolCalls ?? []) {
      expect(names.has(call.id)).toBe(false);
      expect(JSON.parse(call.function.arguments)).toEqual(expect.any(Object));
      names.set(call.id, call.function.name);
    }
    return message.content ? [`text ${message.content}`] : [];
  });
}

describe("a request ends the run, and the run that continues the turn has the answer", () => {
  test("to commands", async () => {
    const { turn, done } = await waiting("a command that is allowed, and one that isn't");
    const result = await runAll(turn, (_, run) =>
      run === 1 ? { payload: { option: "accept" } } : { status: "cancelled" },
    );
    await done;
    expect(shown(result)).toEqual(["command completed", "command declined", "text ok"]);
    expect(result.runs).toBe(3);
    expect(result.asked[0]).toMatchObject({
      reason: "codex:command",
      message: expect.any(String),
      responseSchema: { properties: { option: { enum: expect.arrayContaining(["accept"]) } } },
      metadata: { codex: { request: { detail: expect.any(Array) } } },
    });
    expect(result.events.at(-1)).toMatchObject({ outcome: { type: "success" } });
  });

  test("to questions", async () => {
    const { turn, done } = await waiting("questions of the agent");
    const payload = { option: "accept", content: { colour: "Blue" } };
    const result = await runAll(turn, () => ({ payload }));
    await done;
    expect(shown(result)).toEqual(["userInput completed", "text ok"]);
    expect(result.asked[0]?.responseSchema).toHaveProperty("properties.content.properties.colour");
  });

  test("to a form and a link of an MCP server", async () => {
    const { turn, done } = await waiting(
      "a call of an MCP server's tool, which asks for a form and a link",
    );
    const result = await runAll(turn, ({ reason }) => {
      const content = reason === "codex:form" ? { directory: "/tmp" } : undefined;
      return { payload: { option: "accept", content } };
    });
    await done;
    expect(shown(result).toSorted()).toEqual(
      ["odd.go completed", "form completed", "url completed", "text ok"].toSorted(),
    );
  });

  test("to a sub-agent's command", async () => {
    const { turn, done } = await waiting("a sub-agent whose command waits for approval");
    const late: TurnAGUIEvent[] = [];
    const result = await runAll(turn, async () => {
      late.push(...(await collect(toAGUI(turn, { interrupts: true }))));
      return { payload: { option: "accept" } };
    });
    await done;
    expect(shown(result).toSorted()).toEqual(
      ["command completed", "wait completed", "text all done"].toSorted(),
    );
    const helper = result.asked[0]?.subagentRunId;
    const agentEvents = result.events.filter(({ type }) => type.startsWith("SUBAGENT"));
    expect(agentEvents).toEqual([
      { type: "SUBAGENT_STARTED", subagentRunId: helper, name: "helper" },
      {
        ...{ type: "SUBAGENT_FINISHED", subagentRunId: helper },
        outcome: { type: "suspended", interruptIds: result.asked.map(({ id }) => id) },
      },
      { type: "SUBAGENT_STARTED", subagentRunId: helper, name: "helper" },
      { type: "SUBAGENT_FINISHED", subagentRunId: helper, outcome: { type: "success" } },
    ]);
    // A stream that is opened while the request is pending contains the whole turn before it ends.
    expect(late.filter(({ type }) => type.startsWith("SUBAGENT"))).toEqual(agentEvents.slice(0, 2));
  });
});

test("an answer that the request doesn't allow ends the run again", async () => {
  const { turn, done } = await waiting("questions of the agent");
  const payloads = [{ option: "never" }, null, { option: "accept", content: { colour: "Red" } }];
  const result = await runAll(turn, (_, run) => ({ payload: payloads[run - 1] }));
  await done;
  expect(result.runs).toBe(4);
  expect(shown(result)).toEqual(["userInput completed", "text ok"]);
});
