import { PARAM_TYPES } from "../protocol/index.ts";
import {
  anything,
  boolean,
  type Check,
  func,
  isThing,
  nonEmpty,
  requireOptions,
  signal,
  string,
  wholeFrom,
} from "../util/checks.ts";
import { ownCopy } from "../util/own-copy.ts";

type Checks = Readonly<Record<string, Check>>;

/** The JSON types of a method's params, by member. */
type ParamTypes = Readonly<Record<string, string>>;

const NAMES: Readonly<Record<string, string>> = {
  ...{ array: "a list", boolean: "a boolean", null: "null" },
  ...{ number: "a number", object: "an object", string: "a string" },
};

const REQUEST: Checks = {
  signal,
  // The range is checked when the timer starts.
  timeoutMs: isThing("a number of milliseconds", (value) => typeof value === "number"),
};

const THREAD: Checks = { ...REQUEST, tools: anything };

/** Calls that take options. Calls with the same options share a name. */
type Call =
  | "connect"
  | "threadStart"
  | "threadResume"
  | "threadFork"
  | "threadList"
  | "modelList"
  | "turn"
  | "read"
  | "wait"
  | "interrupt"
  | "goal"
  | "timeline"
  | "loadOlder"
  | "nextRequest"
  | "request";

/**
 * The checks for the options of each call. Options of the protocol come from the generated types;
 * their checks are made by the first call that needs them, not by the import of the package.
 */
const CALLS: Readonly<Record<Call, Checks | (() => Checks)>> = {
  connect: { signal },
  threadStart: once(() => ({ ...THREAD, ...ofParams(PARAM_TYPES["thread/start"]) })),
  threadResume: once(() => ({
    ...THREAD,
    ...ofParams(PARAM_TYPES["thread/resume"], ["threadId"]),
    ...ofParams({ environments: PARAM_TYPES["thread/start"].environments }),
  })),
  threadFork: once(() => ({ ...THREAD, ...ofParams(PARAM_TYPES["thread/fork"], ["threadId"]) })),
  threadList: once(() => ({ ...REQUEST, ...ofParams(PARAM_TYPES["thread/list"]) })),
  modelList: once(() => ({ ...REQUEST, ...ofParams(PARAM_TYPES["model/list"]) })),
  turn: once(() => ({
    ...REQUEST,
    ...ofParams(PARAM_TYPES["turn/start"], ["threadId", "input"]),
    outputSchema: anything,
    strict: boolean,
    sandbox: string,
  })),
  read: { ...REQUEST, includeTurns: boolean },
  wait: REQUEST,
  interrupt: { ...REQUEST, deadlineMs: anything },
  goal: { ...REQUEST, tokenBudget: wholeFrom(1) },
  timeline: {
    ...REQUEST,
    pageSize: wholeFrom(1),
    schedule: func,
  },
  loadOlder: { ...REQUEST, threadId: string },
  nextRequest: { ...REQUEST, id: string, threadId: string },
  request: REQUEST,
};

/**
 * Checks the options of a call before anything is sent. `subject` is what errors call it.
 * @throws TypeError that names an unknown option, or a value of the wrong type.
 */
export function checkCall(call: Call, subject: string, options: unknown): void {
  if (options === undefined) return;
  const checks = CALLS[call];
  requireOptions(subject, options, typeof checks === "function" ? checks() : checks);
}

/**
 * A copy of the options of a call that reads them after it has waited; see `checkCall`.
 * @throws TypeError that names an unknown option, or a value of the wrong type.
 */
export function checkedCopy<T>(call: Call, subject: string, options: T): T {
  const own = ownCopy(options);
  checkCall(call, subject, own);
  return own;
}

/** Methods whose types of params are known. */
type KnownMethod = keyof typeof PARAM_TYPES;

/**
 * Checks the options of a call that are the params of a method, except params that the call sets
 * itself.
 * @throws TypeError that names an unknown option, or a value of the wrong type.
 */
export function checkParams(
  subject: string,
  method: KnownMethod,
  options: unknown,
  {
    omitted = [],
    extra = {},
  }: { readonly omitted?: readonly string[]; readonly extra?: Checks } = {},
): void {
  if (options === undefined) return;
  requireOptions(subject, options, {
    ...ofParams(PARAM_TYPES[method], omitted),
    ...REQUEST,
    ...extra,
  });
}

/** @throws TypeError if a thread can't have this id. */
export function checkThreadId(subject: string, threadId: unknown): void {
  const fault = nonEmpty(threadId);
  if (fault !== undefined) throw new TypeError(`${subject}: the thread id${fault}`);
}

/** A check for each member of a method's params, except the ones that the call sets itself. */
function ofParams(types: ParamTypes, omitted: readonly string[] = []): Checks {
  const members = Object.entries(types).filter(([name]) => !omitted.includes(name));
  return Object.fromEntries(members.map(([name, kinds]) => [name, jsonCheck(kinds.split(" "))]));
}

function once(make: () => Checks): () => Checks {
  let made: Checks | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function jsonCheck(kinds: readonly string[]): Check {
  const what = kinds
    .filter((kind) => kind !== "null")
    .map((kind) => NAMES[kind])
    .join(" or ");
  return isThing(what, (value) => kinds.includes(jsonTypeOf(value)));
}

function jsonTypeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
