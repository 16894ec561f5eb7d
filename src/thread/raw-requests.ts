import { CodexError } from "../errors/errors.ts";
import { isRecord } from "../util/describe.ts";
import { isNotLoaded } from "./ask-status.ts";
import { beforeCommands, inPlace } from "./environments.ts";
import { wasRefused } from "./history.ts";
import { inSlot } from "./in-slot.ts";
import { checkLimits, limitedCall } from "./limited-call.ts";
import { turnIdIn } from "./start-turn.ts";
import { kindOf, threadCall } from "./thread-calls.ts";
import type { ThreadRegistry } from "./thread-registry.ts";
import type { SendOptions } from "./thread-server.ts";
import type { ThreadState } from "./thread-state.ts";

type Members = Readonly<Record<string, unknown>>;

/** `params`: the request's params. */
type Effect = (
  thread: ThreadState,
  result: unknown,
  method: string,
  requestId: number,
  params: Members,
) => void;

const claims: Effect = (thread, result, method, _requestId, params) => {
  const messageId = messageIdIn(params);
  const turnId = turnIdIn(result, method);
  // A late answer can name a turn that has already ended.
  if (thread.turns.isOver(turnId)) return;
  if (messageId !== undefined) thread.turns.owners.mayHaveJoined(turnId, messageId);
  thread.claim(turnId);
  thread.profile.changed(params);
};
const expects: Effect = (thread) => thread.starts.expectTurn();

/** Requests that start a turn. They wait until the thread is free, and the thread's next start waits for them. */
const STARTS_A_TURN: ReadonlyMap<string, Effect> = new Map([
  ["turn/start", claims],
  ["review/start", claims],
  ["thread/queue/start", claims],
  ["thread/compact/start", expects],
  ["thread/shellCommand", expects],
]);

/** Requests after which the server may start a turn on its own. The thread's other starts wait for their answer. */
const MAY_START_A_TURN: ReadonlyMap<string, Effect> = new Map<string, Effect>([
  ["thread/queue/add", (thread) => thread.queueChanged()],
  [
    "thread/goal/set",
    (thread, result, _method, _requestId, params) => {
      const goal = isRecord(result) ? result.goal : undefined;
      if (!isRecord(goal) || goal.status !== "active") return;
      // A client that only changes another client's goal doesn't become its owner.
      if (startsGoal(params)) thread.turns.owners.goal.answered(goal);
      thread.learned();
      thread.starts.expectTurn();
    },
  ],
]);

/** How to apply what other responses report about a thread. */
const TELLS_OF_A_THREAD: ReadonlyMap<string, Effect> = new Map<string, Effect>([
  ["thread/resume", (thread, result, _, id) => thread.opened(result, id)],
  ["thread/read", (thread, result) => thread.inform(threadIn(result))],
  ["thread/settings/update", (thread, _, __, ___, params) => thread.profile.changed(params)],
  [
    "thread/unsubscribe",
    (thread, _result, _method, id) => {
      if (thread.subscription.hasBegunSince(id)) return resubscribe(thread);
      thread.unsubscribed(
        new CodexError(
          `Thread ${thread.id} was unsubscribed, so its turns can no longer be followed: ` +
            "load it again with codex.threadResume(id)",
        ),
      );
    },
  ],
]);

/**
 * Sends a request of the protocol. Its response is applied to its thread in wire order, a request
 * that starts a turn waits in line with the thread's other starts, and one that changes the thread for
 * earlier calls.
 */
export function requestForThread(
  threads: ThreadRegistry,
  method: string,
  params: unknown,
  options: SendOptions,
): Promise<unknown> {
  checkLimits(options);
  const threadId = isRecord(params) ? params.threadId : undefined;
  const kind = options.isInOrder ? undefined : kindOf(method);
  if (kind === undefined || typeof threadId !== "string") {
    return sendForThread(threads, method, params, options);
  }
  const { signal, timeoutMs = threads.server.requestTimeoutMs } = options;
  return threadCall(threads.open(threadId), kind, method, { signal, timeoutMs }, (limits) =>
    sendForThread(threads, method, params, { ...options, ...limits }),
  );
}

function sendForThread(
  threads: ThreadRegistry,
  method: string,
  given: unknown,
  options: SendOptions,
): Promise<unknown> {
  const { server } = threads;
  const params = method === "turn/start" ? withMessageId(given) : given;
  const members = isRecord(params) ? params : {};
  const { threadId } = members;
  const messageId = messageIdIn(members);
  const known = () => (typeof threadId === "string" ? threads.known(threadId) : undefined);
  const send = (effect?: () => Effect | undefined, more?: SendOptions) => {
    const profile = known()?.profile;
    const sent = profile && isRecord(params) ? inPlace(profile, method, members) : params;
    const onResult = (result: unknown, id: number) => {
      const thread = known();
      if (thread) effect?.()?.(thread, result, method, id, isRecord(sent) ? sent : {});
      options.onResult?.(result, id);
    };
    return server.request(method, sent as object, { ...options, ...more, onResult });
  };
  if (typeof threadId !== "string") return server.request(method, params as object, options);
  const starts = STARTS_A_TURN.get(method);
  const mayStart = MAY_START_A_TURN.get(method);
  const thread = starts || mayStart ? threads.open(threadId) : threads.known(threadId);
  if (messageId !== undefined) thread?.turns.owners.sentMessage(messageId, members);
  if (starts && thread) {
    const more = { retry: false, signal: undefined };
    return limitedCall(method, options, ({ signal, timeoutMs }) =>
      inSlot(thread, { method, signal, timeoutMs }, async (unsent) => {
        await beforeCommands(thread, method, members);
        return send(() => starts, { ...more, unsent });
      }),
    );
  }
  if (mayStart && thread) {
    // Pausing a goal, or changing its budget, starts no work.
    const startsWork = method !== "thread/goal/set" || startsGoal(members);
    const sendIt = (more?: SendOptions) =>
      whileSubscribed(thread, options, async () => {
        if (startsWork) await beforeCommands(thread, method, members);
        return send(() => mayStart, more);
      });
    return method === "thread/goal/set" ? settingGoal(thread, params, sendIt) : sendIt();
  }
  if (method !== "thread/unsubscribe") return send(() => TELLS_OF_A_THREAD.get(method));
  let isSent = false;
  const onSent = (id: number) => {
    isSent = true;
    threads.known(threadId)?.subscription.leave(id);
  };
  return send(() => TELLS_OF_A_THREAD.get(method), { onSent }).catch((error: unknown) => {
    if (isSent && !wasRefused(error) && thread) mayBeUnsubscribed(thread);
    throw error;
  });
}

/** Sends a request to set the goal. Only the server's answer shows whether it was set. */
async function settingGoal(
  { turns }: ThreadState,
  params: unknown,
  send: (options: SendOptions) => Promise<unknown>,
): Promise<unknown> {
  let answered = () => {};
  const onSent = () => {
    if (isRecord(params)) answered = turns.owners.goal.asks(params);
  };
  try {
    const answer = await send({ onSent });
    // An answer without a goal doesn't show that another one is set.
    if (isRecord(answer) && isRecord(answer.goal)) answered();
    return answer;
  } catch (error) {
    if (wasRefused(error)) answered();
    throw error;
  }
}

/** Whether a request to set the goal sets or resumes it, rather than changing its budget or pausing it. */
function startsGoal({ objective, status }: Members): boolean {
  return typeof objective === "string" || status === "active";
}

function messageIdIn({ clientUserMessageId: id }: Members): string | undefined {
  return typeof id === "string" ? id : undefined;
}

/**
 * Subscribes to the thread before sending. After a lost connection, the thread may not be loaded,
 * and the turn that the request starts wouldn't be seen.
 */
function whileSubscribed(
  thread: ThreadState,
  { signal }: SendOptions,
  send: () => Promise<unknown>,
): Promise<unknown> {
  const subscribe = async () => {
    if (!thread.starts.refusal) await thread.subscribe(signal);
  };
  return thread.starts.whileAsking(async () => {
    await subscribe();
    try {
      return await send();
    } catch (error) {
      // The connection was lost before the request was sent, and the new server hasn't loaded the thread.
      if (thread.subscription.isActive || !isNotLoaded(error)) throw error;
      // The caller has unsubscribed: the refusal says how to load the thread again.
      if (thread.starts.refusal) throw thread.starts.refusal;
      await subscribe();
      return send();
    }
  });
}

/**
 * Subscribes again if needed, because it is unclear whether the server has unsubscribed this
 * client: the request failed, or its answer is missing or unreadable.
 */
function mayBeUnsubscribed(thread: ThreadState): void {
  // An ephemeral thread can't be resumed.
  if (thread.starts.refusal || thread.profile.isEphemeral) return;
  thread.subscription.end();
  const connection = thread.server.connection();
  if (connection && thread.isAtWork) thread.catchUp(connection);
}

/**
 * Subscribes again, because the server answered a later resume before an earlier unsubscribe, so it
 * may have processed either of them last.
 */
function resubscribe(thread: ThreadState): void {
  thread.subscription.end();
  const connection = thread.server.connection();
  if (connection) thread.catchUp(connection);
}

function threadIn(result: unknown): unknown {
  return isRecord(result) ? result.thread : undefined;
}

/**
 * Adds an id for the message, which identifies the turn as this program's even if the response is
 * lost.
 */
function withMessageId(params: unknown): unknown {
  if (!isRecord(params) || params.clientUserMessageId != null) return params;
  return { ...params, clientUserMessageId: crypto.randomUUID() };
}
