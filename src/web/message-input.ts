import { InvalidInputError } from "../errors/errors.ts";
import type { InputItem } from "../input/input.ts";
import { show } from "../util/checks.ts";
import { describe, isRecord } from "../util/describe.ts";
import { textOf } from "../util/text-of.ts";

/** A user's message of the AI SDK (`parts`), or of AG-UI (`content`). */
export type PageMessage = { readonly parts: readonly unknown[] } | { readonly content?: unknown };

/**
 * Converts a user's message of the AI SDK or AG-UI to the input of a turn: its text, images and
 * audio. Files must be base64 `data:` URLs; nothing in a message can name a file on this
 * machine.
 * @throws InvalidInputError if the message is empty or contains anything else.
 *
 * @example
 * export async function POST(request: Request): Promise<Response> {
 *   const { messages } = (await request.json()) as { messages: { parts: unknown[] }[] };
 *   const turn = await thread.turn(messageInput(messages.at(-1)));
 *   return toUIMessageStreamResponse(turn);
 * }
 */
export function messageInput(message: PageMessage | undefined): InputItem[] {
  const items = partsOf(message).flatMap(inputItem);
  if (items.length > 0) return items;
  throw new InvalidInputError("The message is empty: it needs text, an image or audio");
}

function partsOf(message: unknown): readonly unknown[] {
  const { parts, content } = isRecord(message) ? message : {};
  if (Array.isArray(parts)) return parts;
  if (Array.isArray(content)) return content;
  if (typeof content === "string") return [{ type: "text", text: content }];
  throw new InvalidInputError(
    `The message must have parts (AI SDK) or content (AG-UI), got ${describe(message)}`,
  );
}

function inputItem(part: unknown): InputItem[] {
  const { type, text, mediaType, url, source } = isRecord(part) ? part : {};
  switch (type) {
    case "text":
      return typeof text === "string" && text !== "" ? [{ type, text }] : [];
    case "file":
      return [fileItem(textOf(mediaType), url)];
    case "image":
    case "audio":
      return [mediaItem(type, urlOf(source))];
    // A marker that the AI SDK adds to messages.
    case "step-start":
      return [];
    default:
      throw new InvalidInputError(
        `The message has a part of type ${show(type)}; a message can contain only text, images and audio`,
      );
  }
}

function fileItem(mediaType: string, url: unknown): InputItem {
  const type = /^(image|audio)(?:\/|$)/.exec(mediaType)?.[1];
  if (type === "image" || type === "audio") return mediaItem(type, url);
  throw new InvalidInputError(
    `The message has a file of type ${show(mediaType)}; only images and audio can be sent`,
  );
}

/** The URL of media. AG-UI sends the bytes of inline media and their type separately. */
function urlOf(source: unknown): unknown {
  const { type, value, mimeType } = isRecord(source) ? source : {};
  return type === "data" ? `data:${mimeType};base64,${value}` : value;
}

function mediaItem(type: "image" | "audio", url: unknown): InputItem {
  if (typeof url === "string" && /^data:/i.test(url)) {
    return type === "image" ? { type, url } : { type, url };
  }
  const what = type === "image" ? "image" : "audio file";
  throw new InvalidInputError(`The message has an ${what} that isn't a base64 data: URL`);
}
