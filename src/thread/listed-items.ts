import type { ThreadItem } from "../protocol/index.ts";

/**
 * Older servers number the items that they list ("item-1", "item-2", …), whatever their ids were
 * during the turn.
 */
const COUNTED = /^item-\d+$/;

export function isCounted({ id }: ThreadItem): boolean {
  return COUNTED.test(id);
}

/**
 * The listed items of a turn, each with the id under which it was seen live, so that no item is
 * known twice. `seen` is in the order in which the items started.
 */
export function asSeen(listed: readonly ThreadItem[], seen: readonly ThreadItem[]): ThreadItem[] {
  const named = [...listed];
  if (!listed.some(isCounted)) return named;
  const own = new Set(listed.map(({ id }) => id));
  const candidates = seen.filter(({ id }) => !own.has(id));
  const next = new Map<string, number>();
  for (const item of candidates) {
    const from = next.get(item.type) ?? 0;
    const place = named.findIndex(
      (one, index) => index >= from && isCounted(one) && mayBe(item, one),
    );
    const found = named[place];
    if (found === undefined) continue;
    named[place] = { ...found, id: item.id };
    next.set(item.type, place + 1);
  }
  return named;
}

/** Whether an item that was seen, perhaps only at its start, may be this item of the list. */
function mayBe(seen: ThreadItem, listed: ThreadItem): boolean {
  if (seen.type === "agentMessage" && listed.type === "agentMessage") {
    return listed.text.startsWith(seen.text);
  }
  if (seen.type === "userMessage" && listed.type === "userMessage") {
    return JSON.stringify(seen.content) === JSON.stringify(listed.content);
  }
  return seen.type === listed.type;
}
