import { type Entry, Timeline } from "../../src/timeline/index.ts";

export const THREAD = "thread";
export const TURN = "turn";

/** A timeline with a running turn. */
export function runningTimeline(options?: ConstructorParameters<typeof Timeline>[1]): Timeline {
  const timeline = new Timeline(THREAD, options);
  send(timeline, "turn/started", { turn: { id: TURN, status: "inProgress", startedAt: 1 } });
  return timeline;
}

/** Applies a notification of the running turn. */
export function send(timeline: Timeline, method: string, params: object = {}): void {
  timeline.apply({ method, params: { threadId: THREAD, turnId: TURN, ...params } });
}

export function start(timeline: Timeline, item: object): void {
  send(timeline, "item/started", { item });
}

export function complete(timeline: Timeline, item: object): void {
  send(timeline, "item/completed", { item });
}

/** The entries of the last turn. */
export function entriesOf(timeline: Timeline): readonly Entry[] {
  return timeline.snapshot.turns.at(-1)?.entries ?? [];
}

/** The last entry of this kind. */
export function lastOf<K extends Entry["kind"]>(
  timeline: Timeline,
  kind: K,
): Extract<Entry, { kind: K }> {
  const isWanted = (entry: Entry): entry is Extract<Entry, { kind: K }> => entry.kind === kind;
  const entry = entriesOf(timeline).filter(isWanted).at(-1);
  if (entry) return entry;
  throw new Error(`There is no ${kind} among ${JSON.stringify(entriesOf(timeline))}`);
}
