import type {
  DynamicToolCallOutputContentItem,
  DynamicToolCallResponse,
} from "../protocol/index.ts";
import { describe, isRecord, messageOf } from "../util/describe.ts";
import { imageTypeOf } from "./media/image-type.ts";
import { bytesOf, toPlain } from "./plain-value.ts";

/** `{ type: "inputText", text }`, `{ type: "inputImage", imageUrl }` (a `data:` URL) or audio. */
export type ToolContentItem = DynamicToolCallOutputContentItem;

/**
 * The possible results of a tool. The model receives a string or content items unchanged, undefined
 * as "", and the bytes of a PNG, JPEG, GIF or WebP (Uint8Array or ArrayBuffer) as an image; a list
 * can mix these. Anything else becomes JSON; a Map becomes an object, and a Set becomes a list. A
 * returned Error has the same effect as a thrown one. A result that can't be sent fails the call, with
 * a warning: other bytes, cycles, objects that JSON shows as `{}` although they aren't empty, images
 * that can't be decoded, and results of more than 60 MB. The server shortens long text in the middle.
 */
export type ToolResult = unknown;

/** A tool returned something that can't be sent. */
export class UnusableResult extends TypeError {
  override name = "UnusableResult";
}

/**
 * The maximum size of a result as JSON. A WebSocket message can't be much larger; over other
 * transports, a larger result would take seconds.
 */
const MAX_RESULT_BYTES = 60_000_000;
/** The longest form of a character in JSON: `\u0000`. */
const MAX_BYTES_PER_CHAR = 6;
const BYTES_PER_ITEM = 60;

const CONTENT_FIELDS: { readonly [Type in ToolContentItem["type"]]: string } = {
  inputText: "text",
  inputImage: "imageUrl",
  inputAudio: "audioUrl",
};

/**
 * @throws {UnusableResult} if the result can't be sent.
 * @throws the result itself, if it is an Error.
 */
export function toolSuccess(result: unknown): DynamicToolCallResponse {
  if (result instanceof Error) throw result;
  const response = { success: true, contentItems: toContentItems(result) };
  checkSize(response);
  return response;
}

export function toolFailure(text: string): DynamicToolCallResponse {
  return { success: false, contentItems: [{ type: "inputText", text }] };
}

/**
 * Checks the response of a tool that wasn't created by `tool`.
 *
 * @throws {UnusableResult} if it isn't a response to a tool call, or is too large.
 */
export function checkResponse(response: DynamicToolCallResponse): void {
  const { success, contentItems }: Partial<DynamicToolCallResponse> = response ?? {};
  if (typeof success !== "boolean" || !contentItems?.every(isContentItem)) {
    throw new UnusableResult("its call didn't return { success, contentItems }");
  }
  checkSize(response);
}

/** @throws {UnusableResult} */
function checkSize({ contentItems }: DynamicToolCallResponse): void {
  const size = sizeOf(contentItems);
  if (size <= MAX_RESULT_BYTES) return;
  throw new UnusableResult(
    `its result is ${size} bytes long, but the server accepts at most ${MAX_RESULT_BYTES}: ` +
      "return less, or write it to a file and return the path",
  );
}

/**
 * Checks the images and the audio of a result, which the server would otherwise replace with a
 * note.
 *
 * @throws {UnusableResult} if the server can't use one of them.
 */
export async function checkMedia({ contentItems }: DynamicToolCallResponse): Promise<void> {
  for (const item of contentItems) {
    if (item.type === "inputText") continue;
    const [kind, url] =
      item.type === "inputImage"
        ? (["image", item.imageUrl] as const)
        : (["audio", item.audioUrl] as const);
    const { mediaUrlFault } = await import("./media/media-url.ts");
    const fault = await mediaUrlFault(kind, url);
    if (fault !== undefined) throw new UnusableResult(`the ${kind} in its result ${fault}`);
  }
}

function toContentItems(result: unknown): ToolContentItem[] {
  if (result === undefined) return [{ type: "inputText", text: "" }];
  const item = toContentItem(result);
  if (item) return [item];
  if (Array.isArray(result) && result.some((one) => typeof one !== "string")) {
    const items = result.map(toContentItem);
    if (items.length > 0 && items.every((one) => one !== undefined)) return items;
  }
  return [{ type: "inputText", text: toJson(result) }];
}

/** A value that is or becomes a content item: a string, an item, or the bytes of an image. */
function toContentItem(value: unknown): ToolContentItem | undefined {
  if (typeof value === "string") return { type: "inputText", text: value };
  if (isContentItem(value)) return value;
  const bytes = bytesOf(value);
  const mediaType = bytes && imageTypeOf(bytes);
  if (bytes === undefined || mediaType === undefined) return undefined;
  return { type: "inputImage", imageUrl: `data:${mediaType};base64,${bytes.toString("base64")}` };
}

function toJson(value: unknown): string {
  let json: string | undefined;
  try {
    json = JSON.stringify(toPlain(value));
  } catch (cause) {
    // The only possible RangeError is a string beyond the engine's limit.
    const what =
      cause instanceof RangeError ? "its result is too large for JSON" : messageOf(cause);
    throw new UnusableResult(what, { cause });
  }
  if (json === undefined)
    throw new UnusableResult(`its result is ${describe(value)}, which JSON can't represent`);
  return json;
}

function isContentItem(value: unknown): value is ToolContentItem {
  if (!isRecord(value)) return false;
  const field = Object.entries(CONTENT_FIELDS).find(([type]) => type === value.type)?.[1];
  return field !== undefined && typeof value[field] === "string";
}

/** The size as JSON in bytes; a lower bound if that is enough to decide whether it is too large. */
function sizeOf(items: readonly ToolContentItem[]): number {
  const chars = items.reduce((sum, item) => {
    const { [CONTENT_FIELDS[item.type]]: text } = item as unknown as Record<string, string>;
    return sum + BYTES_PER_ITEM + (text?.length ?? 0);
  }, 0);
  if (chars > MAX_RESULT_BYTES || chars * MAX_BYTES_PER_CHAR <= MAX_RESULT_BYTES) return chars;
  return Buffer.byteLength(JSON.stringify(items));
}
