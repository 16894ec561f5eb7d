import { HttpAgent, type RunAgentResult } from "@ag-ui/client";
import { EventSchemas } from "@ag-ui/core/schemas";
import { expect } from "vitest";
import type { TurnAGUIEvent } from "../../src/web/index.ts";

/** How AG-UI's own client reads a run. */
export interface Run {
  readonly events: readonly TurnAGUIEvent[];
  readonly messages: RunAgentResult["newMessages"];
  /** What the client reports if the run failed. */
  readonly error: string | undefined;
}

/** Reads a response as `HttpAgent` does, which parses the events, verifies their order and applies them. */
export async function readRun(response: Response): Promise<Run> {
  const events: TurnAGUIEvent[] = [];
  let error: string | undefined;
  const agent = new HttpAgent({ url: "http://agent.example/", fetch: async () => response });
  await agent.runAgent(
    {},
    {
      onEvent: ({ event }) => void events.push(event as unknown as TurnAGUIEvent),
      onRunErrorEvent: ({ event }) => {
        error = event.message;
      },
    },
  );
  for (const event of events)
    expect(EventSchemas.safeParse(event)).toMatchObject({ success: true });
  expectAllEnded(events);
  return { events, messages: agent.messages, error };
}

/** An error ends a run at once, so the client doesn't check what is left open. */
function expectAllEnded(events: readonly TurnAGUIEvent[]): void {
  const open = new Set<string>();
  for (const event of events) {
    const end = /^(.*)_(START|STARTED|END|FINISHED|RESULT)$/.exec(event.type);
    const key = "messageId" in event ? event.messageId : "stepName" in event ? event.stepName : "";
    if (event.type.startsWith("RUN")) continue;
    if (event.type === "TOOL_CALL_START") open.add(`result ${event.toolCallId}`);
    if (event.type === "TOOL_CALL_RESULT") {
      expect(open.delete(`result ${event.toolCallId}`)).toBe(true);
      continue;
    }
    const id = "toolCallId" in event ? event.toolCallId : key;
    if (end?.[2]?.startsWith("START")) open.add(`${end[1]} ${id}`);
    else if (end) expect(open.delete(`${end[1]} ${id}`)).toBe(true);
  }
  expect([...open]).toEqual([]);
  expect(events[0]?.type).toBe("RUN_STARTED");
  expect(events.filter(({ type }) => type.startsWith("RUN"))).toHaveLength(2);
  expect(events.at(-1)?.type).toMatch(/^RUN_(FINISHED|ERROR)$/);
}
