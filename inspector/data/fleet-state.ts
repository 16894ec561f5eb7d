import type { FleetOverview } from "../../src/inspect/fleet-api.ts";
import type { LiveClient } from "../live/live-client.ts";
import { get } from "./server.ts";
import type { ServerState } from "./server-state.ts";
import { Store } from "./store.ts";

const PERIOD_MS = 1_000;

/** The state of a fleet, as of a second ago at most. */
export class FleetState extends Store {
  overview: FleetOverview | undefined;

  follow(live: LiveClient, server: ServerState): void {
    const look = async () => {
      try {
        const overview = (await (await get("api/fleet")).json()) as FleetOverview;
        server.connected(true);
        live.setRequests(overview.requests);
        live.threads.refresh();
        this.overview = overview;
        this.changed();
      } catch {
        server.connected(false);
      }
      setTimeout(look, PERIOD_MS);
    };
    void look();
  }
}
