import {
  createContext,
  createElement,
  type FunctionComponent,
  type ReactNode,
  useCallback,
  useContext,
  useMemo,
  useSyncExternalStore,
} from "react";
import type {
  ClientTurnOptions,
  CodexClient,
  HandlerInput,
  InterruptedTurn,
  PendingRequestData,
  StartedTurn,
} from "../browser/index.ts";
import type { ThreadView } from "../timeline/views.ts";
import { NOTHING, SharedTimelines, type ThreadSnapshot } from "./shared-timelines.ts";

const Context = createContext<SharedTimelines | undefined>(undefined);

export interface CodexProviderProps {
  readonly client: CodexClient;
  readonly children?: ReactNode;
}

/**
 * Provides the client for hooks in the components below it. Create the client once, outside the component:
 * a new client opens new connections.
 */
export const CodexProvider: FunctionComponent<CodexProviderProps> = ({ client, children }) => {
  const shared = useMemo(() => new SharedTimelines(client), [client]);
  return createElement(Context, { value: shared }, children);
};

/**
 * A thread, with functions to use it. The functions stay the same objects as long as the thread is
 * the same.
 */
export interface UsedThread extends ThreadSnapshot {
  /**
   * Starts a turn, or adds the input to the running one; with `ifRunning: "wait"`, waits until the
   * running turn has ended.
   */
  readonly send: (input: HandlerInput, options?: ClientTurnOptions) => Promise<StartedTurn>;
  /** Interrupts the running turn, if there is one. */
  readonly interrupt: () => Promise<InterruptedTurn>;
  /** Answers one of the requests with one of its options, and with content if it has a form. */
  readonly answer: (requestId: string, optionId: string, content?: unknown) => Promise<void>;
  /** Loads one more page of older turns. Resolves with false if there are none. */
  readonly loadOlder: () => Promise<boolean>;
}

/** The client of the nearest `CodexProvider`. */
export function useCodex(): CodexClient {
  return useShared("useCodex").client;
}

/**
 * A thread, kept up to date while the component is mounted. Without an id, there is no view, and the
 * functions reject.
 *
 * @example
 * function useLastTurn(threadId: string) {
 *   const { view, send } = useThread(threadId);
 *   return { turn: view?.turns.at(-1), repeat: () => send("Try again.") };
 * }
 */
export function useThread(threadId: string | undefined): UsedThread {
  const shared = useShared("useThread");
  const snapshot = useSnapshot(shared, threadId, whole);
  const actions = useMemo(() => actionsOf(shared, threadId), [shared, threadId]);
  return useMemo(() => ({ ...snapshot, ...actions }), [snapshot, actions]);
}

/** Only the thread's view; undefined until the handler has sent it. */
export function useTimeline(threadId: string | undefined): ThreadView | undefined {
  return useSnapshot(useShared("useTimeline"), threadId, viewOf);
}

/**
 * The pending requests of a thread and its sub-agents; without an id, the requests of all threads
 * that the user may see.
 */
export function useRequests(threadId?: string): readonly PendingRequestData[] {
  const shared = useShared("useRequests");
  const subscribe = useCallback(
    (listener: () => void) => shared.subscribe(threadId, listener),
    [shared, threadId],
  );
  const read = () => shared.snapshot(threadId).requests;
  return useSyncExternalStore(subscribe, read, () => NOTHING.requests);
}

const whole = (snapshot: ThreadSnapshot): ThreadSnapshot => snapshot;
const viewOf = ({ view }: ThreadSnapshot): ThreadView | undefined => view;

function useSnapshot<Part>(
  shared: SharedTimelines,
  threadId: string | undefined,
  part: (snapshot: ThreadSnapshot) => Part,
): Part {
  const subscribe = useCallback(
    (listener: () => void) =>
      threadId === undefined ? () => {} : shared.subscribe(threadId, listener),
    [shared, threadId],
  );
  const read = () => part(threadId === undefined ? NOTHING : shared.snapshot(threadId));
  return useSyncExternalStore(subscribe, read, () => part(NOTHING));
}

function useShared(hook: string): SharedTimelines {
  const shared = useContext(Context);
  if (shared) return shared;
  throw new Error(`${hook} needs a <CodexProvider client={client}> above the component`);
}

function actionsOf(
  shared: SharedTimelines,
  threadId: string | undefined,
): Omit<UsedThread, keyof ThreadSnapshot> {
  const { client } = shared;
  const thread = () => {
    if (threadId === undefined) throw new Error("useThread was called without a thread id");
    return client.thread(threadId);
  };
  return {
    send: async (input, options) => thread().turn(input, { ifRunning: "steer", ...options }),
    interrupt: async () => thread().interrupt(),
    answer: (requestId, optionId, content) => client.answer(requestId, optionId, content),
    loadOlder: async () => shared.timeline(thread().id)?.loadOlder() ?? false,
  };
}
