import type { MisbehavingServer } from "./misbehaving-server.ts";

/** What is wrong with all that has happened, seen from its end. `heard` is what the client warned of. */
export function judgeWorld(server: MisbehavingServer, heard: readonly string[]): string[] {
  return [...server.traffic.faults(), ...doubled(server), ...unheard(server, heard)];
}

/** Each message that the user has sent is on the server once. */
function doubled({ world }: MisbehavingServer): string[] {
  const counts = new Map<string, number>();
  for (const { turns } of world.threads.values()) {
    for (const { items } of turns) {
      for (const { said } of items) {
        if (said !== undefined && /#\d+$/.test(said)) counts.set(said, (counts.get(said) ?? 0) + 1);
      }
    }
  }
  return [...counts]
    .filter(([, count]) => count > 1)
    .map(([text, count]) => `[doubled] ${JSON.stringify(text)} was sent ${count} times`);
}

/** Each warning of the server was passed on, once. */
function unheard({ warnings, temper }: MisbehavingServer, heard: readonly string[]): string[] {
  const isStrict = temper.rates.twice === 0;
  return [...warnings].flatMap((text) => {
    const count = heard.filter((message) => message.includes(text)).length;
    if (count === 0) return [`[warnings] ${JSON.stringify(text)} reached nobody`];
    return count > 1 && isStrict ? [`[warnings] ${JSON.stringify(text)} came ${count} times`] : [];
  });
}
