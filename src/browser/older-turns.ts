import type { TurnPage } from "../bridge/messages.ts";
import type { ThreadView, TurnView } from "../timeline/views.ts";

interface Loaded {
  /** Oldest first. */
  readonly turns: readonly TurnView[];
  /** Where the next older page begins; null if there is none. */
  readonly cursor: string | null;
}

/** Loaded turns of a thread and its sub-agents that precede the turns of a view. */
export class OlderTurns {
  readonly #loaded = new Map<string, Loaded>();

  /** Where the next page begins; undefined: at the newest turn; null: there is none. */
  cursorOf(threadId: string): string | null | undefined {
    return this.#loaded.get(threadId)?.cursor;
  }

  /** Prepends a page to the loaded turns. */
  add(threadId: string, { turns, cursor }: TurnPage): void {
    const known = this.#loaded.get(threadId)?.turns ?? [];
    this.#loaded.set(threadId, { turns: [...without(turns, known), ...known], cursor });
  }

  /** Forgets the loaded turns: they may no longer precede the view. */
  clear(): void {
    this.#loaded.clear();
  }

  /** The view, with the loaded turns prepended to its own. */
  joined(view: ThreadView): ThreadView {
    if (this.#loaded.size === 0) return view;
    const loaded = this.#loaded.get(view.threadId);
    const agents = view.agents.map((agent) => this.joined(agent));
    if (!loaded) return { ...view, agents };
    const turns = [...without(loaded.turns, view.turns), ...view.turns];
    return { ...view, agents, turns, hasOlder: loaded.cursor !== null };
  }
}

function without(turns: readonly TurnView[], known: readonly TurnView[]): readonly TurnView[] {
  const ids = new Set(known.map(({ id }) => id));
  return turns.filter(({ id }) => !ids.has(id));
}
