import type { Random } from "./random.ts";

/** The ways in which a server can misbehave. */
const FAULTS = [
  /** Answers late, and so in another order. */
  "reorders",
  /** Tells of a turn before it answers the start. */
  "early",
  /** Answers, and tells, twice. */
  "twice",
  /** Says what is no message, answers nobody, tells of unknown things. */
  "stray",
  /** Says a hundred things at once. */
  "floods",
  /** Asks what no client knows. */
  "unknownRequests",
  /** Takes back what it asked. */
  "withdraws",
  /** Gives an id anew that it has given before. */
  "reusesIds",
  "overloads",
  /** Never answers. */
  "silent",
  /** Does as it was asked, and never answers. */
  "forgetsToAnswer",
  /** Answers with an error. */
  "refuses",
  /** Never tells that a turn has ended. */
  "hidesEnd",
  "disconnects",
  /** Can't be reached at the first try. */
  "unreachable",
] as const;

export type Fault = (typeof FAULTS)[number];

/** How a seed's server is: what it does wrong, and how often. */
export interface Temper {
  /** Over bytes as over a pipe, cut anywhere; else whole messages. */
  readonly bytes: boolean;
  /** Whether the server outlives its connections. */
  readonly outlives: boolean;
  /** Whether the client starts a server that has died again. */
  readonly restarts: boolean;
  readonly rates: Readonly<Record<Fault, number>>;
}

export function temperOf(random: Random): Temper {
  const bytes = random.chance(0.3);
  const outlives = !bytes && random.chance(0.5);
  const rates = FAULTS.map((fault) => [fault, random.chance(0.3) ? 0.3 * random.next() : 0]);
  return {
    bytes,
    outlives,
    restarts: !outlives && random.chance(0.4),
    rates: Object.fromEntries(rates) as Record<Fault, number>,
  };
}
