import type { MisbehavingServer } from "./misbehaving-server.ts";

/** Judges the whole run at its end. `warnings` are those that the client has passed on. */
export function judgeWorld(server: MisbehavingServer, warnings: readonly string[]): string[] {
  return [...server.traffic.faults(), ...doubled(server), ...unseen(server, warnings)];
}

/** The model answers each message of the user once: what it asks for might be done twice. */
function doubled({ world, traffic }: MisbehavingServer): string[] {
  if (traffic.hollow > 0) return [];
  const turns = [...world.threads.values()].flatMap((thread) => thread.turns);
  const counts = new Map<string, number>();
  for (const text of turns.flatMap(({ answered }) => [...answered])) {
    if (/#\d+$/.test(text)) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count > 1)
    .map(([text, count]) => `[doubled] ${JSON.stringify(text)} was answered ${count} times`);
}

/** Each of the server's warnings reaches the user, once. */
function unseen(server: MisbehavingServer, seen: readonly string[]): string[] {
  const isStrict = server.temper.rates.twice === 0;
  return [...server.warnings].flatMap((text) => {
    const count = seen.filter((message) => message.includes(text)).length;
    if (count === 0) return [`[warnings] ${JSON.stringify(text)} reached nobody`];
    return count > 1 && isStrict ? [`[warnings] ${JSON.stringify(text)} came ${count} times`] : [];
  });
}
