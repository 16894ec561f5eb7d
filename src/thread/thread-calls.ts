import { CallOrder } from "../util/call-order.ts";
import { orderedCall } from "./limited-call.ts";
import type { RequestOptions, ThreadServer } from "./thread-server.ts";

/** The kinds of a thread's calls that must not overtake each other. */
export type CallKind =
  | "change"
  | "detail"
  | "start"
  | "queue"
  | "goal"
  | "goalRead"
  | "steer"
  | "speech"
  | "end";

/**
 * For each kind, the kinds of earlier calls that it waits for. Starts wait for each other in the thread's queue of
 * starts.
 */
const WAITS_FOR: Readonly<Record<CallKind, readonly CallKind[]>> = {
  change: ["change", "end", "start", "queue", "goal"],
  detail: ["detail", "end"],
  start: ["change", "end"],
  queue: ["change", "end", "start", "queue"],
  goal: ["change", "end", "goal"],
  // Holds no other call back.
  goalRead: ["goal"],
  steer: ["steer"],
  speech: ["speech"],
  end: ["change", "end", "start", "queue", "goal", "detail"],
};

/**
 * The kinds of requests. Starts, and messages that steer, are ordered by the calls that send them: their input is
 * prepared first.
 */
const KINDS: ReadonlyMap<string, CallKind> = new Map<string, CallKind>([
  // What later turns depend on.
  ["thread/settings/update", "change"],
  ["thread/revert", "change"],
  ["thread/inject_items", "change"],
  ["thread/fork", "change"],
  // What no turn depends on.
  ["thread/name/set", "detail"],
  ["thread/metadata/update", "detail"],
  ["thread/memoryMode/set", "detail"],
  ["thread/section/move", "detail"],
  ["thread/readState/update", "detail"],
  ["thread/attachment/add", "detail"],
  ["thread/attachment/remove", "detail"],
  ["thread/queue/add", "queue"],
  ["thread/queue/update", "queue"],
  ["thread/queue/delete", "queue"],
  ["thread/queue/reorder", "queue"],
  ["thread/goal/set", "goal"],
  ["thread/goal/clear", "goal"],
  ["thread/goal/get", "goalRead"],
  ["thread/realtime/appendAudio", "speech"],
  ["thread/realtime/appendSpeech", "speech"],
  ["thread/realtime/appendText", "speech"],
  ["thread/archive", "end"],
  ["thread/unarchive", "end"],
  ["thread/delete", "end"],
]);

/** The calls of one thread that haven't been answered. */
export class ThreadCalls extends CallOrder<CallKind> {
  constructor(emptied: () => void) {
    super(WAITS_FOR, emptied);
  }
}

interface CalledThread {
  readonly starts: { readonly calls: ThreadCalls };
  readonly server: Pick<ThreadServer, "requestTimeoutMs" | "timeUp">;
}

/**
 * A call that waits for the thread's earlier calls which it must not overtake. `method` names the call in the error of
 * a time limit.
 */
export function threadCall<T>(
  { starts, server }: CalledThread,
  kind: CallKind,
  method: string,
  options: RequestOptions,
  work: (limits: RequestOptions) => Promise<T>,
): Promise<T> {
  const { requestTimeoutMs } = server;
  const timeUp = (name: string, ms: number) => server.timeUp(name, ms);
  const place = { order: starts.calls, kind, requestTimeoutMs, timeUp };
  return orderedCall(place, method, options, work);
}

/** The kind of a request's call; undefined if it can be sent at any time. */
export function kindOf(method: string): CallKind | undefined {
  return KINDS.get(method);
}
