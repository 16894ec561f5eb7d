import type { DynamicToolCallOutputContentItem, DynamicToolCallResponse } from "../protocol/index.cjs";
/** `{ type: "inputText", text }`, `{ type: "inputImage", imageUrl }` (a `data:` URL) or audio. */
export type ToolContentItem = DynamicToolCallOutputContentItem;
/**
 * What a tool can return. The model reads a string or content items unchanged, undefined as "", and
 * the bytes of a PNG, JPEG, GIF or WebP (Uint8Array or ArrayBuffer) as an image; a list can mix
 * these. Anything else it reads as JSON, a Map as an object and a Set as a list. An Error counts as
 * thrown. A result that can't be sent fails the call, with a warning: other bytes, cycles, objects
 * that JSON shows as `{}` although they aren't empty, images that can't be decoded, and more than
 * 60 MB. The server shortens long texts in the middle.
 */
export type ToolResult = unknown;
/** A tool returned something that can't be sent. */
export declare class UnusableResult extends TypeError {
    name: string;
}
/**
 * @throws {UnusableResult} the result can't be sent.
 * @throws {Error} the result is one.
 */
export declare function toolSuccess(result: unknown): DynamicToolCallResponse;
export declare function toolFailure(text: string): DynamicToolCallResponse;
/**
 * Checks the response of a tool that wasn't created by `tool`.
 *
 * @throws {UnusableResult} it isn't a response to a tool call, or is too large.
 */
export declare function checkResponse(response: DynamicToolCallResponse): void;
/**
 * Checks the images and the audio of a result, which the server would otherwise replace with a
 * note.
 *
 * @throws {UnusableResult} the server can't use one of them.
 */
export declare function checkMedia({ contentItems }: DynamicToolCallResponse): Promise<void>;
//# sourceMappingURL=tool-result.d.ts.map