import type { TurnState } from "../turn/fold.ts";

/** A turn that was interrupted before the model was reached. */
export const NOTHING_DONE: TurnState = {
  ...{ status: "interrupted", error: null, text: "", items: [], usage: null },
  ...{ startedAt: null, completedAt: null, durationMs: null },
};
