import { isRecord } from "../util/describe.ts";

/** The sub-agents that, according to an item in this notification, its thread has started. */
export function childrenNamedBy(method: string, params: unknown): readonly string[] {
  if (method !== "item/started" && method !== "item/completed") return [];
  return isRecord(params) ? childrenOf(params.item) : [];
}

/** The sub-agents of a thread that items in its history show being started. */
export function childrenIn(items: readonly unknown[]): readonly string[] {
  return items.flatMap(childrenOf);
}

/**
 * The sub-agents that an item shows as started. Only these calls show that; in all others the model
 * names the threads, and it can name any thread of the server.
 */
function childrenOf(item: unknown): readonly string[] {
  if (!isRecord(item)) return [];
  switch (item.type) {
    case "subAgentActivity":
      return item.kind === "started" ? strings([item.agentThreadId]) : [];
    case "collabAgentToolCall":
      return item.tool === "spawnAgent" && Array.isArray(item.receiverThreadIds)
        ? strings(item.receiverThreadIds)
        : [];
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
