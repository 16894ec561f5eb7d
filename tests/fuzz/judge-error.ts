import {
  CodexError,
  JsonRpcError,
  LaunchError,
  OutcomeUnknownError,
  RequestTimeoutError,
  ServerBusyError,
  TransportClosedError,
  TurnAbortedError,
  TurnLostError,
} from "../../src/index.ts";
import type { Line, MisbehavingServer } from "./misbehaving-server.ts";
import type { Expectation } from "./oracle.ts";
import { showStack } from "./show.ts";
import { UserAbort } from "./user-abort.ts";

export interface FailedCall extends Expectation {
  readonly name: string;
  readonly tookMs: number;
  /** The connection at the time of the call. */
  readonly line: Line | undefined;
}

const NOT_THERE = /thread not found|thread not loaded|no rollout|not materialized|not exist/i;

/** Something stored just before may not have been stored yet when the client asked. */
const SHORTLY_MS = 5;

/** A request with a time limit this long has time to wait for others. */
const PATIENT_MS = 200;

/**
 * The fault of an error that a call rejected with: it isn't one of the package's errors, or nothing
 * excuses it.
 */
export function judgeError(
  server: MisbehavingServer,
  call: FailedCall,
  error: unknown,
): string | undefined {
  const reason = error instanceof TurnAbortedError ? error.cause : error;
  if (reason instanceof UserAbort) return undefined;
  const isAboutLimit = error instanceof TypeError || error instanceof RangeError;
  if (isAboutLimit && call.timeoutMs === Infinity && /timeoutMs/.test(error.message)) {
    return undefined;
  }
  if (!(error instanceof CodexError)) {
    return `[error] ${call.name} rejected with something that isn't an error of the package: ${showStack(error)}`;
  }
  const why = unexcused(server, call, error);
  return why && `${why}: ${call.name} rejected with ${error.name}: ${error.message}`;
}

/** Why nothing that has happened excuses the error; undefined if something does. */
function unexcused(
  server: MisbehavingServer,
  call: FailedCall,
  error: CodexError,
): string | undefined {
  const { traffic } = server;
  const wasCut = traffic.cuts > 0 || traffic.unreachable > 0 || traffic.badHandshakes > 0;
  if (error instanceof RequestTimeoutError) return timeout(server, call, error);
  if (error instanceof TurnLostError) return lostTurn(server, error);
  if (error instanceof OutcomeUnknownError) {
    return traffic.cuts > 0 ? undefined : "[unknown outcome] although no connection was lost";
  }
  if (error instanceof LaunchError) {
    return wasCut ? undefined : "[launch] although the server can be reached, and has answered";
  }
  if (error instanceof TransportClosedError) {
    const isClosed = wasCut || !server.line;
    return isClosed ? undefined : "[closed] although the connection is open";
  }
  if (error instanceof ServerBusyError) {
    return traffic.overloads > 0 ? undefined : "[busy] although the server wasn't";
  }
  if (error instanceof JsonRpcError) return refused(server, call, error);
  return undefined;
}

function timeout(
  server: MisbehavingServer,
  call: FailedCall,
  error: RequestTimeoutError,
): string | undefined {
  const isOwn = error.timeoutMs === call.timeoutMs;
  if (isOwn && call.tookMs < Math.floor(error.timeoutMs) - 1) {
    return `[early] after ${call.tookMs} ms`;
  }
  const { marker, line } = call;
  const { traffic, temper } = server;
  if (marker === undefined || error.timeoutMs < PATIENT_MS) return undefined;
  if (!line?.isGreeted || line !== server.line) return undefined;
  if (traffic.missing > 0 || temper.rates.reorders > 0) return undefined;
  return traffic.markers.has(marker) ? undefined : "[starved] it never reached the server";
}

function lostTurn(server: MisbehavingServer, error: TurnLostError): string | undefined {
  const { traffic, world } = server;
  if (traffic.unhelpful > 0) return undefined;
  const thread = world.threads.get(error.threadId);
  const wasCut = traffic.cuts > 0;
  // If the server doesn't show a turn, there is no other source. A client whose request to
  // unsubscribe wasn't answered properly doesn't know that it has unsubscribed.
  const isUnseen = server.line?.subscribed.has(error.threadId) !== true;
  if (isUnseen && thread?.ephemeral && traffic.givenUp.has(error.threadId)) return undefined;
  // Nothing about an ephemeral thread can be found out on another connection; what wasn't stored before a crash is
  // lost.
  if (wasCut && (thread?.ephemeral || world.turn(error.turnId)?.crashed)) return undefined;
  return "[lost] although the server has answered everything";
}

function refused(
  server: MisbehavingServer,
  { threadId, tookMs }: FailedCall,
  error: JsonRpcError,
): string | undefined {
  const thread = threadId === undefined ? undefined : server.world.threads.get(threadId);
  if (!thread || thread.gone || thread.ephemeral || !NOT_THERE.test(error.message))
    return undefined;
  const isWritten = thread.written(server.clock.now - tookMs - SHORTLY_MS).length > 0;
  return isWritten ? "[not found] although the thread exists" : undefined;
}
