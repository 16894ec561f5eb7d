/** The turn and the worker's own id that the id of a request in the fleet is made of. */
export function turnOfRequest(id: unknown): { turn: string; request: string } | undefined {
  const match = typeof id === "string" ? /^(.+)\.([^.]+)$/.exec(id) : null;
  return match ? { turn: match[1] ?? "", request: match[2] ?? "" } : undefined;
}
