import type {
  DynamicToolCallOutputContentItem,
  DynamicToolCallResponse,
} from "../protocol/index.ts";
import { isRecord } from "../util/describe.ts";

/** `{ type: "inputText", text }`, `{ type: "inputImage", imageUrl }` (a `data:` URL) or audio. */
export type ToolContentItem = DynamicToolCallOutputContentItem;

/**
 * What a tool may return: text, content items, or anything that JSON can carry. The model reads a
 * string as it is, content items as they are, all else as JSON, and nothing (undefined) as "".
 */
export type ToolResult = unknown;

const CONTENT_FIELDS: { readonly [Type in ToolContentItem["type"]]: string } = {
  inputText: "text",
  inputImage: "imageUrl",
  inputAudio: "audioUrl",
};

/** @throws {TypeError} the result is nothing that JSON can carry. */
export function toolSuccess(result: unknown): DynamicToolCallResponse {
  return { success: true, contentItems: toContentItems(result) };
}

export function toolFailure(text: string): DynamicToolCallResponse {
  return { success: false, contentItems: [{ type: "inputText", text }] };
}

function toContentItems(result: unknown): ToolContentItem[] {
  if (isContentItem(result)) return [result];
  if (Array.isArray(result) && result.length > 0 && result.every(isContentItem)) return result;
  return [{ type: "inputText", text: toText(result) }];
}

function toText(result: unknown): string {
  if (result === undefined) return "";
  if (typeof result === "string") return result;
  const json: string | undefined = JSON.stringify(result);
  if (json === undefined) throw new TypeError(`its result is a ${typeof result}, which JSON lacks`);
  return json;
}

function isContentItem(value: unknown): value is ToolContentItem {
  if (!isRecord(value)) return false;
  const field = Object.entries(CONTENT_FIELDS).find(([type]) => type === value.type)?.[1];
  return field !== undefined && typeof value[field] === "string";
}
