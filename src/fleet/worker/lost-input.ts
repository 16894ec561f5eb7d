import type { Turn } from "../../client/turn.ts";
import type { TurnInput } from "../../client/turn-params.ts";
import { isExternalMessage } from "../../input/external-message.ts";
import type { Input } from "../../input/input.ts";
import type { Turn as WireTurn } from "../../protocol/index.ts";
import { isRecord } from "../../util/describe.ts";
import { turnContext } from "../turn-context.ts";
import type { ControlCommand, ControlReply } from "../wire.ts";
import type { TurnJob } from "./claim.ts";
import type { WorkerContext } from "./context.ts";
import type { LocalThread } from "./local-threads.ts";

/**
 * Adds the turn's messages that its lost worker received, but didn't save, to the thread, so that later turns know about
 * them. `found` is the turn in the thread's history.
 */
export async function addLostInput(
  context: WorkerContext,
  job: TurnJob,
  { codex, thread }: LocalThread,
  input: unknown,
  found: WireTurn | undefined,
): Promise<void> {
  const steers = await earlierSteers(context, job);
  const sent = [...(found ? [] : [input]), ...steers].map(textOf);
  const saved = new Set(
    found?.items.flatMap((item) => (item.type === "userMessage" ? textOf(item.content) : [])),
  );
  const items = sent
    .filter((text) => text !== "" && !saved.has(text))
    .map((text) => ({ type: "message", role: "user", content: [{ type: "input_text", text }] }));
  if (items.length === 0) return;
  const params = { threadId: thread.id, items };
  await codex.request("thread/inject_items", params as never).catch(() => {});
}

/**
 * Starts the turn again with all the input of the earlier attempts, of which nothing is left in the thread.
 */
export async function startAgain(
  context: WorkerContext,
  job: TurnJob,
  input: TurnInput,
  start: (input: TurnInput) => Promise<Turn<unknown>>,
): Promise<Turn<unknown>> {
  const steers = await earlierSteers(context, job);
  if (!isExternalMessage(input)) return start([input, ...steers].flat());
  // It must be the whole input of a turn.
  const turn = await start(input);
  for (const steer of steers) await turn.steer(steer);
  return turn;
}

/** The input that was added to the turn on earlier workers, in order. */
async function earlierSteers(
  { redis, keys, codec }: WorkerContext,
  { turn, key }: TurnJob,
): Promise<Input[]> {
  const about = turnContext("control", turn, key);
  const replies = await redis.client.hgetall(keys.answers(turn));
  const entries = await redis.client.xrange(keys.control(turn), "-", "+");
  return entries.flatMap(([, fields]) => {
    const command = read<ControlCommand>(fields[1]);
    if (command?.type !== "steer") return [];
    const reply = read<ControlReply>(replies[command.id]);
    return reply && !reply.error ? [command.input as Input] : [];
  });

  /** The decoded data; undefined for data that no process of this fleet wrote. */
  function read<T>(text: string | undefined): T | undefined {
    if (text === undefined) return undefined;
    try {
      const value = codec.decode(text, about);
      return isRecord(value) ? (value as T) : undefined;
    } catch {
      return undefined;
    }
  }
}

function textOf(input: unknown): string {
  const items = Array.isArray(input) ? input : [input];
  return items.flatMap((item) => (typeof item === "string" ? item : (item?.text ?? []))).join("\n");
}
