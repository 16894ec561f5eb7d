import {
  begin,
  channels,
  type FleetTurnDiagnostics,
  isObserved,
  type TraceContext,
} from "../../util/channels.ts";
import type { Ending, JobData } from "../wire.ts";
import type { Claim, TurnJob } from "./claim.ts";
import type { WorkerContext } from "./context.ts";

interface Work {
  readonly turn: TurnJob;
  readonly claim: Claim;
  readonly delivery: { readonly data: JobData; readonly dueAt: number };
}

/** Runs a claimed turn, and notifies the subscribers of the diagnostics channel. */
export async function observedRun<Ended extends { readonly ending: Ending }>(
  { id: worker, keys }: WorkerContext,
  { turn: { turn, thread, tenant }, claim, delivery }: Work,
  run: () => Promise<Ended>,
): Promise<Ended> {
  if (!isObserved(channels.fleetTurn)) return run();
  const event: FleetTurnDiagnostics = {
    ...{ fleet: keys.queueName, turn, thread, tenant, worker },
    attempt: claim.attempts,
    waitedMs: Math.max(0, Date.now() - delivery.dueAt),
    trace: traceIn(delivery.data),
  };
  const end = begin(channels.fleetTurn, event);
  try {
    const ended = await (event.run ? event.run(run) : run());
    end(outcomeOf(ended.ending));
    return ended;
  } catch (error) {
    end({ error });
    throw error;
  }
}

function outcomeOf(ending: Ending): Pick<FleetTurnDiagnostics, "status" | "error"> {
  if (ending.kind === "result") return { status: ending.state.status, error: ending.state.error };
  return { status: "failed", error: new Error(`${ending.reason}: ${ending.message}`) };
}

/** The trace context of job data, which anyone who can write to Redis can set. */
function traceIn({ trace }: JobData): TraceContext | undefined {
  return typeof trace?.traceparent === "string" ? trace : undefined;
}
