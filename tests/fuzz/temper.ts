import type { Random } from "./random.ts";

/** The ways in which a server, or the line to it, can misbehave. */
const FAULTS = [
  /** Answers late, and therefore in a different order. */
  "reorders",
  /** Sends notifications of a turn before the answer to its start. */
  "early",
  /** Sends answers and notifications twice. */
  "twice",
  /**
   * Sends data that isn't a message, unsolicited answers, and notifications about unknown things.
   */
  "stray",
  /** Sends a hundred of those at once. */
  "floods",
  /** Sends requests that no client knows. */
  "unknownRequests",
  /** Withdraws its requests. */
  "withdraws",
  /** Uses an id for a second request. */
  "reusesIds",
  /** Refuses with -32001, including the handshake and the requests of a recovery. */
  "overloads",
  /** Never answers. */
  "silent",
  /** Executes the request, and never answers. */
  "forgetsToAnswer",
  /** Answers with an error. */
  "refuses",
  /** Never reports that a turn has ended. */
  "hidesEnd",
  "disconnects",
  /** Can't be reached at the first attempt. */
  "unreachable",
  /** Adds `error: null` to results. */
  "nullErrors",
  /** Results lack members, or are null. */
  "hollowResults",
  /** Notifications lack members, or have null instead. */
  "hollowNotifications",
] as const;

export type Fault = (typeof FAULTS)[number];

/** Behaviours that the real server also has. */
const HABITS = [
  /** Threads may be ephemeral. */
  "ephemeral",
  /** Turns start sub-agents. */
  "subAgents",
  /** Threads may have a goal, for which the server starts turns. */
  "goals",
  /** Another client uses the same threads; only with a server that outlives its connections. */
  "otherClients",
  /** History is stored up to three seconds late. */
  "lateHistory",
  /** Messages are held, and arrive in one chunk. */
  "chunks",
  /** Turns are silent for seconds. */
  "silences",
  /** Commands outlive their turns. */
  "background",
  /** Sends warnings. */
  "warnings",
  /** Terminal noise precedes the first line; only over bytes. */
  "noise",
  /** Lists repeat their cursor. */
  "repeatsCursors",
] as const;

export type Habit = (typeof HABITS)[number];

/** A period in which every connection is cut: right after the handshake, or at a request. */
export interface CutPhase {
  /** The request at which the connection is cut; "initialized" is right after the handshake. */
  readonly at: string;
  /** In virtual milliseconds since the start. */
  readonly untilMs: number;
}

/** The character of a seed's server: its faults, how often they occur, and its habits. */
export interface Temper {
  /**
   * Whether messages arrive as bytes, as over a pipe, split anywhere; otherwise as whole messages.
   */
  readonly bytes: boolean;
  /** Whether the server outlives its connections. */
  readonly outlives: boolean;
  /** Whether the client restarts a server that has died. */
  readonly restarts: boolean;
  /** Whether handles are dropped and the garbage collector runs, which takes real time. */
  readonly collects: boolean;
  /** Whether it lists background commands; older servers can only end them all. */
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
  // Without faults, nothing excuses a wrong outcome: these seeds are judged most strictly.
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
