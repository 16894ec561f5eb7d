import type { Attachment, UserMessageEntry } from "./entries.ts";
import { type Foreign, records, text, textOrNull } from "./foreign.ts";
import type { ItemSource } from "./item-source.ts";

export function userMessage({ base, item }: ItemSource): UserMessageEntry {
  const parts = records(item.content);
  const isText = ({ type }: Foreign) => type === "text";
  return {
    kind: "userMessage",
    ...base,
    text: parts
      .filter(isText)
      .map((part) => text(part.text))
      .join("\n"),
    attachments: parts.filter((part) => !isText(part)).map(attachment),
    clientId: textOrNull(item.clientId),
  };
}

function attachment(part: Foreign): Attachment {
  const source = textOrNull(part.path ?? part.url ?? part.fileId);
  return { kind: kindOf(part.type), name: textOrNull(part.name), source };
}

function kindOf(type: unknown): Attachment["kind"] {
  switch (type) {
    case "image":
    case "localImage":
      return "image";
    case "audio":
    case "localAudio":
      return "audio";
    case "skill":
    case "mention":
      return type;
    default:
      return "unknown";
  }
}
