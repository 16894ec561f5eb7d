import type { TurnPart } from "../parts/part.ts";

/**
 * The part with ids that no other turn has. AG-UI's messages are those of the whole thread, and the model
 * chooses the ids of calls: it can use the id of an earlier turn's call again.
 */
export function inTurn(part: TurnPart, turnId: string): TurnPart {
  const own = (id: string) => `${turnId}:${id}`;
  if ("callId" in part) return { ...part, callId: own(part.callId) };
  return "id" in part ? { ...part, id: own(part.id) } : part;
}
