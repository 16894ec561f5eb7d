import { MessageUnansweredError } from "../errors/errors.ts";
import type { PreparedOutput } from "../input/output-schema.ts";
import type { Schema } from "../input/schema.ts";
import type { ReviewTarget, TurnStartParams } from "../protocol/index.ts";
import type { Session } from "../session/session.ts";
import { isShellTurn, startNamedTurn, startNextTurn } from "../thread/start-other.ts";
import { startTurn } from "../thread/start-turn.ts";
import type { RequestOptions } from "../thread/thread-server.ts";
import type { ThreadState } from "../thread/thread-state.ts";
import type { TurnResult } from "../turn/result.ts";
import type { TurnRecord } from "../turn/turn-record.ts";
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
export async function startInput<S extends Schema | undefined>(
  { session, state, files }: TurnHost,
  input: TurnInput,
  options: TurnOptions<S>,
): Promise<Turn<TurnOutput<S>>> {
  const { params, output } = await turnParams(state, files, input, options);
  return startWith({ session, state, files }, params, options, output);
}

/** Starts a turn with params that are sent unchanged: `turn/start`. */
export async function startWith<Output>(
  { session, state, files }: TurnHost,
  params: TurnStartParams,
  options: WaitOptions,
  output: PreparedOutput<Output> | undefined,
): Promise<Turn<Output>> {
  const limit = deadline(options.signal, options.timeoutMs, turnTimeUp);
  const dispose = () => limit[Symbol.dispose]();
  const starting = session.connect(limit.signal).then(() => startTurn(state, params, limit.signal));
  starting.then(({ outcome }) => outcome.then(dispose, dispose), dispose);
  session.work.until(starting);
  const record = await starting;
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
export async function startReview(
  host: TurnHost,
  target: ReviewTarget,
  options: RequestOptions,
): Promise<Turn<undefined>> {
  const { session, state } = host;
  await session.connect(options.signal);
  const request = { method: "review/start", params: { threadId: state.id, target } };
  return turnOf(host, await startNamedTurn(state, request, options));
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
  const { session, state } = host;
  if (typeof command !== "string" || command === "") {
    throw new TypeError(`shell: the command must be a non-empty string, not ${describe(command)}`);
  }
  await session.connect(options.signal);
  const params = { threadId: state.id, command };
  const request = { method: "thread/shellCommand", params, isIt: isShellTurn };
  return turnOf(host, (await startNextTurn(state, request, options)).record);
}

/** A handle for a turn, no matter who started it. */
export function turnOf({ session, state, files }: TurnHost, record: TurnRecord): Turn<undefined> {
  session.work.until(record.outcome);
  const { pending } = session;
  return new Turn({ thread: state, record, output: undefined, files, pending });
}
