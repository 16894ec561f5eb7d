import type { Thread } from "../../client/thread.ts";
import type { RequestOptions } from "../../thread/thread-server.ts";
import { type Foreign, records } from "../../timeline/foreign.ts";
import { textOf } from "../../util/text-of.ts";
import { mediaTypeOf } from "../media-type.ts";
import type { TurnPart } from "../parts/part.ts";
import { TurnParts } from "../parts/turn-parts.ts";
import { UIMessageConverter } from "./converter.ts";
import type { TurnUIMessage, TurnUIPart } from "./message.ts";
import { MessageBuilder } from "./message-builder.ts";

/**
 * Returns the stored turns of a thread as messages of the AI SDK, for the `messages` of `useChat`:
 * `thread/turns/list`. For a running turn, only the user's message is included: `toUIMessageStream`
 * delivers the rest.
 *
 * @example
 * export async function GET(): Promise<Response> {
 *   return Response.json(await toUIMessages(thread));
 * }
 */
export async function toUIMessages(
  thread: Thread,
  options: RequestOptions = {},
): Promise<TurnUIMessage[]> {
  const messages: TurnUIMessage[] = [];
  for await (const turn of thread.turns(options)) {
    messages.push(...messagesOf(thread.id, turn as unknown as Foreign));
  }
  return messages;
}

/** The URL of an image or audio file that contains the data itself. */
const IN_PAGE = /^data:(?:image|audio)\//i;

/** The user's message, and the agent's. */
export function messagesOf(threadId: string, turn: Foreign): TurnUIMessage[] {
  const id = textOf(turn.id);
  const parts = new TurnParts(id);
  const converter = new UIMessageConverter({ threadId, id });
  const builder = new MessageBuilder();
  const take = (part: TurnPart) => {
    for (const chunk of converter.convert(part)) builder.take(chunk);
  };
  take({ type: "start" });
  for (const item of records(turn.items)) {
    for (const part of parts.take({ method: "item/completed", params: { item } })) take(part);
  }
  const said = parts.firstMessage;
  const user = said ? [userMessage(said)] : [];
  if (turn.status === "inProgress") return user;
  for (const part of parts.take({ method: "turn/completed", params: { turn } })) take(part);
  return [...user, builder.message];
}

function userMessage({ id, text, attachments }: TurnPart & { type: "userMessage" }): TurnUIMessage {
  const files = attachments.flatMap(({ source }): TurnUIPart[] =>
    source !== null && IN_PAGE.test(source)
      ? [{ type: "file", url: source, mediaType: mediaTypeOf(source) }]
      : [],
  );
  const said: TurnUIPart[] = text === "" ? [] : [{ type: "text", text, state: "done" }];
  return { id, role: "user", parts: [...said, ...files] };
}
