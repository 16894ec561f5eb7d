import type { SourceInfo } from "../../src/inspect/source.ts";
import { LiveClient } from "../live/live-client.ts";
import { FleetState } from "./fleet-state.ts";
import { followTraffic } from "./follow-traffic.ts";
import { loadTrace } from "./load-trace.ts";
import { Recording } from "./recording.ts";
import { info, logIn } from "./server.ts";
import { ServerState } from "./server-state.ts";

/** What the page shows. */
export interface Session {
  readonly info: SourceInfo;
  readonly recording: Recording;
  readonly server: ServerState;
  /** Undefined for a trace. */
  readonly live: LiveClient | undefined;
  /** Undefined unless it is a fleet. */
  readonly fleet: FleetState | undefined;
}

export async function openSession(): Promise<Session> {
  await logIn();
  const source = await info();
  const isLive = source.kind === "live";
  const recording = new Recording(isLive);
  const session = {
    ...{ info: source, recording, server: new ServerState() },
    live: source.kind === "trace" ? undefined : new LiveClient(recording),
    fleet: source.kind === "fleet" ? new FleetState() : undefined,
  };
  if (session.live) session.fleet?.follow(session.live, session.server);
  if (isLive) followTraffic(recording, session.server);
  else if (source.kind === "trace")
    loadTrace(recording).catch((error) => session.server.failed(error));
  return session;
}
