import { describe, expect, test } from "vitest";
import { toUIMessageStream, toUIMessages } from "../../../src/web/index.ts";
import { collect, sharedServer } from "../../support/e2e.ts";
import { play, SCENE_SERVER, SCENES } from "../../support/turn-scenes.ts";
import { readMessage, type TurnMessage } from "../../support/ui-messages.ts";

const server = sharedServer(SCENE_SERVER);

/** A part of a message in a few words; undefined if the tests of scenes don't look at it. */
function short(part: TurnMessage["parts"][number]): string | undefined {
  switch (part.type) {
    case "text":
    case "reasoning":
      return part.state === "done" ? `${part.type} ${part.text}` : `${part.type} is open`;
    case "dynamic-tool": {
      const { output } = (part.output ?? {}) as { output?: string };
      const approved = part.approval?.approved;
      return [
        ...[part.toolName, part.state],
        ...(output === undefined ? [] : [output]),
        ...(part.errorText === undefined ? [] : [part.errorText]),
        ...(approved === undefined ? [] : [approved ? "approved" : "refused"]),
      ].join(" ");
    }
    case "source-url":
      return `source-url ${part.url}`;
    case "file":
      return `file ${part.mediaType}`;
    case "data-message":
      return `message ${part.data.text}`;
    case "data-entry":
      return `entry ${part.data.kind}`;
    default:
      return undefined;
  }
}

/** The texts that the agent has finished. */
function answers({ parts }: TurnMessage): string[] {
  return parts.flatMap((part) => {
    if (part.type !== "text" || part.providerMetadata?.codex?.incomplete) return [];
    return [part.text];
  });
}

/** The parts that are the same for readers that start when no request is pending any more. */
function settled({ parts }: TurnMessage): unknown[] {
  const requests = new Set(parts.map((part) => (part.type === "data-request" ? part.id : "")));
  const shown: unknown[] = [];
  for (const part of parts) {
    if (part.type === "text") shown.push(part.text);
    if (part.type !== "dynamic-tool" || requests.has(part.toolCallId)) continue;
    shown.push({ id: part.toolCallId, input: part.input, output: part.output });
  }
  return shown;
}

describe("the AI SDK reads", () => {
  test.each(SCENES)("$name", async (scene) => {
    const { turn, done } = await play(scene, server);
    const chunks = await collect(toUIMessageStream(turn));
    await done;
    const message = await readMessage(chunks);
    const shown = message.parts.map(short).filter((one) => one !== undefined);
    if (scene.isUnordered) expect(shown.toSorted()).toEqual(scene.parts.toSorted());
    else expect(shown).toEqual(scene.parts);
    const { status } = await turn.run();
    expect(message).toMatchObject({ id: turn.id, metadata: { turnId: turn.id, status } });
    expect(chunks.at(-2)?.type).toBe(scene.ending ?? "message-metadata");
    const stored = (await toUIMessages(await server.codex.threadResume(turn.threadId))).at(-1);
    expect(stored).toMatchObject({ id: turn.id, role: "assistant", metadata: { status } });
    if (scene.isUnkept) return;
    if (status === "completed")
      expect(answers(stored as TurnMessage).toSorted()).toEqual(answers(message).toSorted());
    const later = await readMessage(await collect(toUIMessageStream(turn)));
    expect(settled(later)).toEqual(settled(message));
  });
});
