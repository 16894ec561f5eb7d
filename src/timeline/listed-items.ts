import { textOf } from "../util/text-of.ts";

/**
 * Older servers number the items that they list ("item-1", "item-2", …), whatever their ids were
 * during the turn.
 */
const COUNTED = /^item-\d+$/;

/** An item, or what a server has sent as one. */
interface Listed {
  readonly id?: unknown;
  readonly type?: unknown;
  readonly text?: unknown;
  readonly content?: unknown;
}

export function isCounted({ id }: Listed): boolean {
  return typeof id === "string" && COUNTED.test(id);
}

/**
 * The listed items of a turn, each with the id under which it was seen live, so that no item is
 * known twice. `seen` is in the order in which the items started.
 */
export function asSeen<Item extends Listed>(
  listed: readonly Item[],
  seen: readonly Item[],
): Item[] {
  const named = [...listed];
  if (!listed.some(isCounted)) return named;
  const own = new Set(listed.map(({ id }) => id));
  const candidates = seen.filter(({ id }) => !own.has(id));
  const next = new Map<unknown, number>();
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
function mayBe(seen: Listed, listed: Listed): boolean {
  if (seen.type !== listed.type) return false;
  switch (seen.type) {
    case "agentMessage":
      return textOf(listed.text).startsWith(textOf(seen.text));
    case "userMessage":
      return JSON.stringify(seen.content) === JSON.stringify(listed.content);
    default:
      return true;
  }
}
