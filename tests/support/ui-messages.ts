import { readUIMessageStream, type UIMessage, uiMessageChunkSchema, validateUIMessages } from "ai";
import { expect } from "vitest";
import type { TurnData, TurnMetadata, TurnUIMessageChunk } from "../../src/web/index.ts";

export type TurnMessage = UIMessage<TurnMetadata, TurnData>;

/**
 * Chunks as the AI SDK reads them. Throws its errors, and an error for anything that its schema
 * doesn't allow.
 */
export async function readMessage(chunks: readonly TurnUIMessageChunk[]): Promise<TurnMessage> {
  const { validate } = uiMessageChunkSchema();
  for (const chunk of chunks) {
    expect(await validate?.(JSON.parse(JSON.stringify(chunk)))).toMatchObject({ success: true });
  }
  expectAllEnded(chunks);
  const stream = new ReadableStream<TurnUIMessageChunk>({
    start(controller) {
      for (const chunk of chunks) if (chunk.type !== "error") controller.enqueue(chunk);
      controller.close();
    },
  });
  let last: TurnMessage | undefined;
  for await (const message of readUIMessageStream<TurnMessage>({
    stream,
    terminateOnError: true,
  })) {
    last = message;
  }
  if (!last) throw new Error("there is no message");
  const [valid] = await validateUIMessages<TurnMessage>({
    messages: [JSON.parse(JSON.stringify(last))],
  });
  return valid as TurnMessage;
}

/**
 * Every started text, reasoning, call and step has ended exactly once, and nothing follows the end.
 */
function expectAllEnded(chunks: readonly TurnUIMessageChunk[]): void {
  const open = new Set<string>();
  const calls = new Set<string>();
  for (const chunk of chunks) {
    switch (chunk.type) {
      case "text-start":
      case "reasoning-start":
        expect(open).not.toContain(chunk.id);
        open.add(chunk.id);
        break;
      case "text-delta":
      case "reasoning-delta":
        expect(open).toContain(chunk.id);
        break;
      case "text-end":
      case "reasoning-end":
        expect(open.delete(chunk.id)).toBe(true);
        break;
      case "tool-input-start":
        expect(calls).not.toContain(chunk.toolCallId);
        calls.add(chunk.toolCallId);
        break;
      case "tool-output-available":
        if (chunk.preliminary) expect(calls).toContain(chunk.toolCallId);
        else expect(calls.delete(chunk.toolCallId)).toBe(true);
        break;
      case "tool-output-error":
      case "tool-output-denied":
        expect(calls.delete(chunk.toolCallId)).toBe(true);
        break;
    }
  }
  expect([...open, ...calls]).toEqual([]);
  expect(chunks.map(({ type }) => type).slice(0, 2)).toEqual(["start", "start-step"]);
  expect(chunks.at(-1)?.type).toBe("finish");
  expect(chunks.filter(({ type }) => type === "finish" || type === "finish-step")).toHaveLength(2);
}
