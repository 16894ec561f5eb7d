import {
  begin,
  channels,
  type FleetSubmitDiagnostics,
  isObserved,
  type TraceContext,
} from "../../util/channels.ts";
import type { JobData } from "../wire.ts";

/** Submits a turn, and notifies the subscribers of the diagnostics channel, which can add a trace context. */
export async function observed(
  fleet: string,
  turn: string,
  { thread, tenant }: JobData,
  submit: (trace: TraceContext | undefined) => Promise<void>,
): Promise<void> {
  if (!isObserved(channels.fleetSubmit)) return submit(undefined);
  const event: FleetSubmitDiagnostics = { fleet, turn, thread, tenant };
  const end = begin(channels.fleetSubmit, event);
  try {
    await submit(event.trace);
    end({});
  } catch (error) {
    end({ error });
    throw error;
  }
}
