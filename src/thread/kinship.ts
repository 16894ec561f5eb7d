import { isRecord } from "../util/describe.ts";

/** The threads that an item of this notification names as sub-agents of its thread. */
export function childrenNamedBy(method: string, params: unknown): readonly string[] {
  if (method !== "item/started" && method !== "item/completed") return [];
  return isRecord(params) ? childrenOf(params.item) : [];
}

/** The threads that items in a thread's history name as its sub-agents. */
export function childrenIn(items: readonly unknown[]): readonly string[] {
  return items.flatMap(childrenOf);
}

function childrenOf(item: unknown): readonly string[] {
  if (!isRecord(item)) return [];
  switch (item.type) {
    case "subAgentActivity":
      return strings([item.agentThreadId]);
    case "collabAgentToolCall":
      return Array.isArray(item.receiverThreadIds) ? strings(item.receiverThreadIds) : [];
    default:
      return [];
  }
}

/** The thread that started this one, if its record names it. */
export function parentNamedBy(thread: unknown): string | undefined {
  const parent = isRecord(thread) ? thread.parentThreadId : undefined;
  return typeof parent === "string" ? parent : undefined;
}

function strings(values: readonly unknown[]): string[] {
  return values.filter((value) => typeof value === "string");
}
