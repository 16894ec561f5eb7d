import type { Entry } from "../entries.ts";
import type { ThreadView, TurnView } from "../views.ts";
import { type Block, blocksOf, duration } from "./blocks.ts";

/** A thread, one of its turns, or one entry of a turn. */
export type Renderable = ThreadView | TurnView | Entry;

/** A part of a rendered view, under one heading. */
export interface Section {
  /** 1 for a thread, 2 for a turn; 0 for an entry, which has no heading. */
  readonly level: 0 | 1 | 2;
  readonly heading: string;
  readonly blocks: readonly Block[];
}

/** The sections of a view, independent of the output format. */
export function sectionsOf(view: Renderable): readonly Section[] {
  if ("turns" in view) return threadSections(view);
  if ("entries" in view) return [turnSection(view)];
  return [{ level: 0, heading: "", blocks: blocksOf(view) }];
}

function threadSections(thread: ThreadView): Section[] {
  const { threadId, name, agent, model, notices, turns, agents } = thread;
  const title = name ?? agent?.path ?? agent?.nickname ?? threadId;
  const heading = [title, model].filter(Boolean).join(" · ");
  const blocks = notices.flatMap(blocksOf);
  return [
    { level: 1, heading, blocks },
    ...turns.map(turnSection),
    ...agents.flatMap(threadSections),
  ];
}

function turnSection({ id, state, durationMs, entries }: TurnView): Section {
  const took = durationMs === null ? undefined : duration(durationMs);
  const heading = [`Turn ${id}`, state, took].filter(Boolean).join(" · ");
  return { level: 2, heading, blocks: entries.flatMap(blocksOf) };
}
