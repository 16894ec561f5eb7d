import type { Random } from "./random.ts";

/** The ways in which a server, or the line to it, can misbehave. */
const FAULTS = [
  /** Answers late, and so in another order. */
  "reorders",
  /** Notifications of a turn come before the answer to its start. */
  "early",
  /** Sends answers and notifications twice. */
  "twice",
  /** Sends what is no message, answers that nobody asked for, notifications of unknown things. */
  "stray",
  /** Sends a hundred of those at once. */
  "floods",
  /** Asks what no client knows. */
  "unknownRequests",
  /** Withdraws what it asked. */
  "withdraws",
  /** Uses an id for a second request. */
  "reusesIds",
  /** Refuses with -32001, the handshake and a recovery's requests included. */
  "overloads",
  /** Never answers. */
  "silent",
  /** Does as it was asked, and never answers. */
  "forgetsToAnswer",
  /** Answers with an error. */
  "refuses",
  /** Never reports that a turn has ended. */
  "hidesEnd",
  "disconnects",
  /** Can't be reached at the first try. */
  "unreachable",
  /** Results have `error: null` beside them. */
  "nullErrors",
  /** Results lack members, or are null. */
  "hollowResults",
  /** Notifications lack members, or have null in their place. */
  "hollowNotifications",
] as const;

export type Fault = (typeof FAULTS)[number];

/** What a server can do that the real one does, too. */
const HABITS = [
  /** Threads may be ephemeral. */
  "ephemeral",
  /** Turns start sub-agents. */
  "subAgents",
  /** Threads may have a goal, for which the server starts turns. */
  "goals",
  /** Somebody else uses the same threads; only with a server that outlives its connections. */
  "otherClients",
  /** History is written down up to three seconds late. */
  "lateHistory",
  /** Messages wait, and come in one chunk. */
  "chunks",
  /** Turns are silent for seconds. */
  "silences",
  /** Commands outlive their turns. */
  "background",
  /** Sends warnings. */
  "warnings",
  /** The first line has terminal noise before it; only over bytes. */
  "noise",
  /** Lists repeat their cursor. */
  "repeatsCursors",
] as const;

export type Habit = (typeof HABITS)[number];

/** A time in which every connection is cut: right after the handshake, or at a request. */
export interface CutPhase {
  /** The request at which it is cut; "initialized" is right after the handshake. */
  readonly at: string;
  /** In virtual milliseconds since the start. */
  readonly untilMs: number;
}

/** How a seed's server is: what it does wrong and how often, and what it is used to. */
export interface Temper {
  /** Over bytes as over a pipe, cut anywhere; else whole messages. */
  readonly bytes: boolean;
  /** Whether the server outlives its connections. */
  readonly outlives: boolean;
  /** Whether the client starts a server that has died again. */
  readonly restarts: boolean;
  /** Whether handles are dropped and the garbage collector runs, which takes real time. */
  readonly collects: boolean;
  /** Whether it lists the commands that run in the background; older servers only end them all. */
  readonly listsTerminals: boolean;
  readonly cuts: CutPhase | undefined;
  readonly rates: Readonly<Record<Fault, number>>;
  readonly habits: ReadonlySet<Habit>;
}

const CUT_AT = [
  "initialized",
  "thread/resume",
  "thread/turns/list",
  "thread/read",
  "turn/start",
  "model/list",
];

export function temperOf(random: Random): Temper {
  const bytes = random.chance(0.3);
  const outlives = !bytes && random.chance(0.6);
  const restarts = !outlives && random.chance(0.5);
  // Without faults nothing excuses a wrong outcome: those seeds are judged most strictly.
  const isRough = random.chance(0.65);
  const rates = FAULTS.map((fault) => [
    fault,
    isRough && random.chance(0.25) ? 0.3 * random.next() : 0,
  ]);
  const habits = HABITS.filter(() => random.chance(0.3));
  const cuts =
    (outlives || restarts) && random.chance(0.06)
      ? { at: random.pick(CUT_AT), untilMs: random.between(1_000, 15_000) }
      : undefined;
  return {
    bytes,
    outlives,
    restarts,
    collects: random.chance(0.015),
    listsTerminals: random.chance(0.8),
    cuts,
    rates: Object.fromEntries(rates) as Record<Fault, number>,
    habits: new Set(habits),
  };
}
