import type { InputItem } from "../input/input.cjs";
/** A user's message of the AI SDK (`parts`), or of AG-UI (`content`). */
export type PageMessage = {
    readonly parts: readonly unknown[];
} | {
    readonly content?: unknown;
};
/**
 * The input of a turn from the user's message, as the AI SDK or AG-UI sends it: its texts, images and
 * recordings. Files must be `data:` URLs in base64; nothing in a message can name a file of this
 * machine.
 * @throws InvalidInputError if the message has anything else, or nothing at all.
 *
 * @example
 * export async function POST(request: Request): Promise<Response> {
 *   const { messages } = (await request.json()) as { messages: { parts: unknown[] }[] };
 *   const turn = await thread.turn(messageInput(messages.at(-1)));
 *   return toUIMessageStreamResponse(turn);
 * }
 */
export declare function messageInput(message: PageMessage | undefined): InputItem[];
//# sourceMappingURL=message-input.d.ts.map