import { isRecord } from "../util/describe.ts";
import type { McpCallEntry } from "./entries.ts";
import { list, numberOrNull, recordOf, records, text, textOrNull, texts } from "./foreign.ts";
import type { ItemSource } from "./item-source.ts";

export function mcpCall({ base, item, progress }: ItemSource): McpCallEntry {
  const result = isRecord(item.result) ? item.result : undefined;
  return {
    kind: "mcpCall",
    ...base,
    server: text(item.server),
    tool: text(item.tool),
    arguments: item.arguments ?? null,
    progress: base.state === "running" ? progress : null,
    text: callText(list(result?.content)),
    content: result ? list(result.content) : null,
    structuredContent: result?.structuredContent ?? null,
    error: textOrNull(recordOf(item.error).message),
    durationMs: numberOrNull(item.durationMs),
  };
}

/** The text in the parts of a result. */
export function callText(content: readonly unknown[]): string {
  return texts(records(content).map((part) => part.text)).join("\n");
}

/** The URLs of the images and audio in the parts of a result. */
export function media(content: readonly unknown[]): readonly string[] {
  return texts(records(content).map((part) => part.imageUrl ?? part.audioUrl));
}

/** The output that the program returned for a call, as parts. */
export function toolOutput(output: unknown): readonly unknown[] {
  return typeof output === "string" ? [{ type: "inputText", text: output }] : list(output);
}
