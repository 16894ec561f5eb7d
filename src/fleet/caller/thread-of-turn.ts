import { createHash, randomUUID } from "node:crypto";

/**
 * The name of a new thread for a turn whose id the caller has chosen. A repeated submission
 * recognises the name, and uses the same thread. Someone who can only write to Redis can't make a
 * submission use a thread that was created for something else.
 */
export function threadOfTurn(tenant: string, turn: string): string {
  return named(tenant, turn, randomUUID());
}

/** Whether this is the name of a thread that a submission of the turn has created. */
export function isThreadOfTurn(thread: string, tenant: string, turn: string): boolean {
  return thread === named(tenant, turn, thread.slice(0, 36));
}

function named(tenant: string, turn: string, random: string): string {
  const digest = createHash("sha256")
    .update(JSON.stringify([tenant, turn, random]))
    .digest("hex");
  return `${random}-${digest.slice(0, 16)}`;
}
