import { describe, expect, test } from "vitest";
import { toAGUI, toAGUIResponse } from "../../../src/web/index.ts";
import { type Run, readRun } from "../../support/ag-ui.ts";
import { collect, sharedServer } from "../../support/e2e.ts";
import { play, SCENE_SERVER, SCENES } from "../../support/turn-scenes.ts";

const server = sharedServer(SCENE_SERVER);

/** What the front end shows of a run, in the short form of the scenes. */
function shown({ messages }: Run): string[] {
  const names = new Map<string, string>();
  return messages.flatMap((message) => {
    switch (message.role) {
      case "assistant":
        for (const { id, function: call } of message.toolCalls ?? []) {
          expect(JSON.parse(call.arguments)).toEqual(expect.any(Object));
          names.set(id, call.name);
        }
        return message.content ? [`text ${message.content}`] : [];
      case "reasoning":
        return [`reasoning ${message.content}`];
      case "user":
        return [`message ${message.content}`];
      case "tool": {
        const { state } = message.metadata?.codex ?? {};
        return [`${names.get(message.toolCallId)} ${state === "completed"}`];
      }
      default:
        return [];
    }
  });
}

/** The same for part of the scene's message. */
function expected(part: string): string[] {
  const [kind = "", state] = part.split(" ");
  if (["text", "reasoning", "message"].includes(kind)) return [part];
  return ["entry", "source-url"].includes(kind) ? [] : [`${kind} ${state === "output-available"}`];
}

describe("AG-UI's client reads", () => {
  test.each(SCENES)("$name", async (scene) => {
    const { turn, done } = await play(scene, server);
    const run = await readRun(toAGUIResponse(turn, { runId: "run 1", threadId: "thread 1" }));
    await done;
    const parts = scene.parts.flatMap(expected);
    if (scene.isUnordered) expect(shown(run).toSorted()).toEqual(parts.toSorted());
    else expect(shown(run)).toEqual(parts);
    expect(run.events[0]).toMatchObject({ runId: "run 1", threadId: "thread 1" });
    const { status, error } = await turn.run();
    expect(run.error).toBe(error?.message);
    if (status === "failed") return;
    const type = status === "interrupted" ? "cancelled" : "success";
    expect(run.events.at(-1)).toMatchObject({ type: "RUN_FINISHED", outcome: { type } });
  });
});

test("a review and a compaction are steps, and a request is a custom event", async () => {
  const named = (name: string) => SCENES.filter((scene) => scene.name === name);
  const seen: string[] = [];
  const scenes = ["a review", "a compaction", "questions of the agent"].flatMap(named);
  for (const scene of scenes) {
    const { turn, done } = await play(scene, server);
    for (const event of await collect(toAGUI(turn))) {
      if ("stepName" in event) seen.push(`${event.type} ${event.stepName}`);
      if (event.type !== "CUSTOM" || event.name !== "codex.request") continue;
      seen.push(`${event.value.request.kind} ${event.value.state} ${event.value.answer}`);
    }
    await done;
  }
  expect(seen).toEqual([
    ...["STEP_STARTED review", "STEP_FINISHED review"],
    ...["STEP_STARTED compaction", "STEP_FINISHED compaction"],
    ...["userInput pending undefined", "userInput answered accept"],
  ]);
});
