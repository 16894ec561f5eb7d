import type { MisbehavingServer } from "./misbehaving-server.ts";
import type { WorldTurn } from "./world-turn.ts";

/** Judges the whole run at its end. `warnings` are the ones that the client reported. */
export function judgeWorld(server: MisbehavingServer, warnings: readonly string[]): string[] {
  return [...server.traffic.faults(), ...doubled(server), ...unseen(server, warnings)];
}

/**
 * Each message that the user sent is on the server once, except those that were left unanswered.
 */
function doubled({ world, traffic }: MisbehavingServer): string[] {
  // A client can't know what it got no proper answer to.
  if (traffic.hollow > 0) return [];
  const counts = new Map<string, number>();
  for (const { turns } of world.threads.values()) {
    for (const turn of turns) {
      for (const { said } of turn.items) {
        if (said === undefined || !/#\d+$/.test(said) || isUnanswered(turn, said)) continue;
        counts.set(said, (counts.get(said) ?? 0) + 1);
      }
    }
  }
  return [...counts]
    .filter(([, count]) => count > 1)
    .map(([text, count]) => `[doubled] ${JSON.stringify(text)} was sent ${count} times`);
}

/**
 * Whether the message was merged into another client's turn in which the model then did nothing
 * more.
 */
function isUnanswered({ items, status }: WorldTurn, text: string): boolean {
  const place = items.findIndex(({ said }) => said === text);
  const later = items.slice(place + 1).filter(({ type }) => !NO_ANSWER.has(type));
  return place > 0 && status === "completed" && later.length === 0;
}

const NO_ANSWER: ReadonlySet<string> = new Set(["userMessage", "subAgentActivity"]);

/** Each of the server's warnings reaches the user, once. */
function unseen(server: MisbehavingServer, seen: readonly string[]): string[] {
  const isStrict = server.temper.rates.twice === 0;
  return [...server.warnings].flatMap(([text, isOwed]) => {
    const count = seen.filter((message) => message.includes(text)).length;
    if (count === 0 && isOwed) return [`[warnings] ${JSON.stringify(text)} reached nobody`];
    return count > 1 && isStrict
      ? [`[warnings] ${JSON.stringify(text)} was reported ${count} times`]
      : [];
  });
}
