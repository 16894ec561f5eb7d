/** The id in the fleet of a worker's request. */
export function fleetRequestId(turn: string, request: string): string {
  return `${turn}.${request}`;
}

/** Splits a request's id in the fleet into the turn and the worker's own id. */
export function turnOfRequest(id: unknown): { turn: string; request: string } | undefined {
  const match = typeof id === "string" ? /^(.+)\.([^.]+)$/.exec(id) : null;
  return match ? { turn: match[1] ?? "", request: match[2] ?? "" } : undefined;
}
