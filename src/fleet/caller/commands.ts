import { randomUUID } from "node:crypto";
import { CodexError } from "../../errors/errors.ts";
import { UnknownTurnError } from "../../errors/fleet-errors.ts";
import {
  InvalidAnswerError,
  RequestSettledError,
  UnknownRequestError,
} from "../../errors/request-errors.ts";
import { fleetRequestId } from "../request-id.ts";
import { type TurnToRead, turnContext } from "../turn-context.ts";
import type { CommandFailure, ControlCommand, ControlReply } from "../wire.ts";
import type { FleetContext } from "./context.ts";
import { type FleetWaitOptions, Wake, waiting } from "./wait.ts";

type Command = ControlCommand extends infer C ? (C extends unknown ? Omit<C, "id"> : never) : never;

/** The outcome of a command: the worker's answer, or that the turn had already ended. */
export type Outcome = { readonly value: unknown } | "ended";

/**
 * Sends a command to the worker that runs a turn, and waits for its answer. If that worker is lost, the
 * next one answers.
 */
export function sendCommand(
  context: FleetContext,
  place: TurnToRead,
  command: Command,
  options: FleetWaitOptions,
): Promise<Outcome> {
  return waiting(`turn ${place.turn}: ${command.type}`, context.closed, options, (signal) =>
    send(context, place, command, signal),
  );
}

async function send(
  context: FleetContext,
  { turn, key: expected }: TurnToRead,
  command: Command,
  signal: AbortSignal,
): Promise<Outcome> {
  const { redis, keys, codec, events } = context;
  const wake = new Wake();
  using _watch = events.watch(turn, "answers", () => wake.wake());
  const id = randomUUID();
  const key = expected ?? (await redis.client.hget(keys.turn(turn), "thread"));
  if (key == null) throw new UnknownTurnError(turn);
  const about = turnContext("control", turn, key);
  const data = codec.encode({ ...command, id }, about);
  const isInterrupt = command.type === "interrupt" ? "1" : "0";
  const phase = await redis.run("control", turn, data, isInterrupt);
  if (phase === "") throw new UnknownTurnError(turn);
  if (phase === "ended") return "ended";
  for (;;) {
    const [reply, phase] = await Promise.all([
      redis.client.hget(keys.answers(turn), id),
      redis.client.hget(keys.turn(turn), "phase"),
    ]);
    if (reply != null) {
      const { error, value } = codec.decode(reply, about) as ControlReply;
      if (error) throw commandError(turn, command, error);
      return { value };
    }
    // The answer may have been written between the two reads.
    if (phase === "ended" || phase == null) {
      const late = await redis.client.hget(keys.answers(turn), id);
      if (late == null) return "ended";
      continue;
    }
    await wake.wait(signal);
  }
}

function commandError(turn: string, command: Command, failure: CommandFailure): Error {
  const { code, message, reason = "withdrawn", issues } = failure;
  if (command.type === "answer") {
    const id = fleetRequestId(turn, command.requestId);
    if (code === "UNKNOWN_REQUEST") return new UnknownRequestError(id);
    if (code === "REQUEST_SETTLED") return new RequestSettledError(id, reason);
    if (code === "INVALID_ANSWER") {
      // The worker's message begins with its own id of the request.
      const start = new InvalidAnswerError(command.requestId, "").message;
      const what = message.startsWith(start) ? message.slice(start.length) : message;
      return new InvalidAnswerError(id, what, issues);
    }
  }
  return new CodexError(message);
}
