import { MessageUnansweredError, RequestTimeoutError } from "../errors/errors.ts";
import type { PreparedOutput } from "../input/output-schema.ts";
import type { Schema } from "../input/schema.ts";
import type {
  ReviewTarget,
  ThreadCompactStartResponse,
  TurnStartParams,
} from "../protocol/index.ts";
import type { Session } from "../session/session.ts";
import { COMPACT, compactThread } from "../thread/compact.ts";
import { isShellTurn, startNamedTurn, startNextTurn } from "../thread/start-other.ts";
import type { StartPlace } from "../thread/start-queue.ts";
import { startTurn } from "../thread/start-turn.ts";
import type { RequestOptions } from "../thread/thread-server.ts";
import type { ThreadState } from "../thread/thread-state.ts";
import type { TurnResult } from "../turn/result.ts";
import type { TurnRecord } from "../turn/turn-record.ts";
import { orAborted } from "../util/abort.ts";
import { deadline } from "../util/deadline.ts";
import { describe } from "../util/describe.ts";
import type { LocalFiles } from "./local-files.ts";
import { Turn, turnTimeUp, type WaitOptions } from "./turn.ts";
import { type TurnInput, type TurnOptions, type TurnOutput, turnParams } from "./turn-params.ts";

/** The parts of a thread that a turn needs. */
export interface TurnHost {
  readonly session: Session;
  readonly state: ThreadState;
  readonly files: LocalFiles;
}

/** Starts a turn with an input: `turn/start`. Its time limit starts now. */
export function startInput<S extends Schema | undefined>(
  host: TurnHost,
  input: TurnInput,
  options: TurnOptions<S>,
): Promise<Turn<TurnOutput<S>>> {
  const { state, files } = host;
  return startPrepared(host, options, (signal) => turnParams(state, files, input, options, signal));
}

/** Starts a turn with params that are sent unchanged: `turn/start`. */
export function startWith(
  host: TurnHost,
  params: TurnStartParams,
  options: WaitOptions,
): Promise<Turn<undefined>> {
  return startPrepared(host, options, async () => ({ params, output: undefined }));
}

interface Prepared<Output> {
  readonly params: TurnStartParams;
  readonly output: PreparedOutput<Output> | undefined;
}

/** Prepares and starts a turn. Preparing can take a long time, so the limits and the order of the calls apply to it too. */
async function startPrepared<Output>(
  { session, state, files }: TurnHost,
  options: WaitOptions,
  prepare: (signal: AbortSignal | undefined) => Promise<Prepared<Output>>,
): Promise<Turn<Output>> {
  const limit = deadline(options.signal, options.timeoutMs, turnTimeUp);
  const { signal } = limit;
  const start = async () => {
    using place = state.starts.join(options);
    const { params, output } = await orAborted(prepare(signal), signal);
    await session.connect(signal);
    return { record: await startTurn(state, params, signal, place), output };
  };
  const starting = start();
  const dispose = () => limit[Symbol.dispose]();
  starting.then(({ record }) => record.outcome.then(dispose, dispose), dispose);
  session.work.until(starting);
  const { record, output } = await starting;
  session.work.until(record.outcome);
  return new Turn({ thread: state, record, output, files, pending: session.pending });
}

/** How many times to send a message that the server merges into other turns without answering it. */
const MAX_RUNS = 3;

/**
 * Starts a turn and waits for its result. Starts another if the server has merged the message into
 * a turn that didn't answer it.
 */
export async function untilAnswered<Output>(
  start: () => Promise<Turn<Output>>,
): Promise<TurnResult<Output>> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await (await start()).run();
    } catch (error) {
      const isUnanswered = error instanceof MessageUnansweredError;
      if (!isUnanswered || attempt >= MAX_RUNS) throw error;
    }
  }
}

/** Starts a review: `review/start`. */
export function startReview(
  host: TurnHost,
  target: ReviewTarget,
  options: RequestOptions,
): Promise<Turn<undefined>> {
  const { state } = host;
  const request = { method: "review/start", params: { threadId: state.id, target } };
  return startOther(host, request, options, (place, limits) =>
    startNamedTurn(state, { ...request, place }, limits),
  );
}

/**
 * Runs a command in the thread's shell: `thread/shellCommand`.
 * @throws TypeError if the command isn't a non-empty string.
 */
export async function startShell(
  host: TurnHost,
  command: string,
  options: RequestOptions,
): Promise<Turn<undefined>> {
  const { state } = host;
  if (typeof command !== "string" || command === "") {
    throw new TypeError(`shell: the command must be a non-empty string, not ${describe(command)}`);
  }
  const params = { threadId: state.id, command };
  const request = { method: "thread/shellCommand", params, isIt: isShellTurn };
  return startOther(host, request, options, async (place, limits) => {
    const { record } = await startNextTurn(state, { ...request, place }, limits);
    return record;
  });
}

/**
 * Starts a turn with a request other than `turn/start`. The time limit applies until the turn has
 * started; the signal can also interrupt the turn later.
 */
async function startOther(
  host: TurnHost,
  { method }: { readonly method: string },
  { signal, timeoutMs }: RequestOptions,
  start: (place: StartPlace, limits: RequestOptions) => Promise<TurnRecord>,
): Promise<Turn<undefined>> {
  const limit = deadline(signal, timeoutMs, (ms) => new RequestTimeoutError(method, ms));
  const dispose = () => limit[Symbol.dispose]();
  const limits = { signal: limit.signal, timeoutMs };
  const starting = inPlace(host, limits, (place) => start(place, limits));
  starting.then((record) => record.outcome.then(dispose, dispose), dispose);
  const record = await starting;
  limit.lift();
  return turnOf(host, record);
}

/**
 * Compacts the thread's history: `thread/compact/start`. The time limit covers the whole compaction.
 */
export async function compact(
  host: TurnHost,
  { signal, timeoutMs }: RequestOptions,
): Promise<ThreadCompactStartResponse> {
  let hasBegun = false;
  const begun = () => {
    hasBegun = true;
  };
  const late = (ms: number) => (hasBegun ? turnTimeUp(ms) : new RequestTimeoutError(COMPACT, ms));
  using limit = deadline(signal, timeoutMs, late);
  const limits = { signal: limit.signal, timeoutMs };
  return await inPlace(host, limits, (place) => compactThread(host.state, limits, place, begun));
}

/** Connects, then starts a turn in the order of the calls. Counts as work in progress. */
async function inPlace<T>(
  { session, state }: TurnHost,
  limits: RequestOptions,
  start: (place: StartPlace) => Promise<T>,
): Promise<T> {
  using place = state.starts.join(limits);
  using _ = session.work.begin();
  await session.connect(limits.signal);
  return await start(place);
}

/** A handle for a turn, no matter who started it. */
export function turnOf({ session, state, files }: TurnHost, record: TurnRecord): Turn<undefined> {
  session.work.until(record.outcome);
  const { pending } = session;
  return new Turn({ thread: state, record, output: undefined, files, pending });
}
