import type { InterruptedTurn, StartedTurn } from "../bridge/messages.ts";
import type { Thread } from "../client/thread.ts";
import { CodexError } from "../errors/errors.ts";
import { JsonRpcError } from "../errors/rpc-errors.ts";
import { onAbort } from "../util/abort.ts";
import { badRequest, HttpError } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import { inputOf } from "./input.ts";

type PageInput = ReturnType<typeof inputOf>;

/** Starts a turn, or adds its input to the running one if the page asks for that. */
export async function startTurn(exchange: Exchange, threadId: string): Promise<StartedTurn> {
  const { input, ifRunning = "wait", options } = await exchange.body();
  const parts = inputOf(input);
  if (ifRunning !== "wait" && ifRunning !== "steer") {
    throw badRequest('ifRunning must be "wait" or "steer"');
  }
  if (ifRunning === "steer") await exchange.admit("turn.steer", threadId);
  const thread = await exchange.thread(threadId);
  const { signal } = exchange.request;
  const running = ifRunning === "steer" ? await steer(exchange, thread, parts) : undefined;
  if (running !== undefined) return { turnId: running, steered: true };
  const settings = await exchange.turnOptions(options);
  // A page that leaves cancels the wait for the thread, but not a turn that has started.
  const waiting = new AbortController();
  const stop = onAbort(signal, () => waiting.abort(signal.reason));
  try {
    const { id } = await thread.turn(parts, { ...settings, signal: waiting.signal });
    exchange.parts.turnInput.start(id, parts);
    exchange.parts.feeds.threads.hasRun(threadId);
    return { turnId: id, steered: false };
  } finally {
    stop();
  }
}

/** Adds input to the running turn. */
export async function steerTurn(exchange: Exchange, threadId: string): Promise<StartedTurn> {
  const { input } = await exchange.body();
  const parts = inputOf(input);
  const thread = await exchange.thread(threadId);
  const turnId = await steer(exchange, thread, parts);
  if (turnId !== undefined) return { turnId, steered: true };
  throw new HttpError(409, "NO_TURN", "The thread has no running turn that accepts input");
}

/** Interrupts the running turn, if there is one. */
export async function interruptTurn(
  exchange: Exchange,
  threadId: string,
): Promise<InterruptedTurn> {
  await exchange.body();
  const thread = await exchange.thread(threadId);
  const turn = await thread.activeTurn({ signal: exchange.request.signal });
  await turn?.interrupt();
  return { turnId: turn?.id ?? null };
}

/** The id of the turn that accepted the input; undefined if no running turn does. */
async function steer(
  { parts, request: { signal } }: Exchange,
  thread: Thread,
  input: PageInput,
): Promise<string | undefined> {
  const turn = await thread.activeTurn({ signal });
  if (turn === undefined) return undefined;
  parts.turnInput.add(turn.id, input);
  try {
    await turn.steer(input, { signal });
    return turn.id;
  } catch (error) {
    // The turn has just ended, or is a review, which accepts no input.
    if (error instanceof JsonRpcError || isPlain(error)) return undefined;
    throw error;
  }
}

function isPlain(error: unknown): boolean {
  return error instanceof CodexError && error.code === "CODEX_ERROR";
}
