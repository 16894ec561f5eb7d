import type { Attributes, Gauge, Histogram, MeterProvider } from "@opentelemetry/api";
import type { FleetLoadDiagnostics } from "../util/channels.ts";
import { FLEET, FLEET_STATE } from "./attributes.ts";
import { instruments } from "./metrics.ts";

/** The metrics of fleets. Their names and attributes are this package's own. */
export class FleetMetrics {
  readonly #turns: Gauge;
  readonly #waits: Histogram;
  readonly #durations: Histogram;

  constructor(provider: MeterProvider) {
    const { meter, seconds } = instruments(provider);
    this.#turns = meter.createGauge("codex.fleet.turns", {
      ...{ description: "Number of turns of the whole fleet.", unit: "{turn}" },
    });
    this.#waits = seconds("codex.fleet.wait.duration", "How long a turn waited for a worker.");
    this.#durations = seconds("codex.fleet.turn.duration", "How long a worker ran a turn.");
  }

  load({ fleet, running, waiting, delayed }: FleetLoadDiagnostics): void {
    for (const [state, count] of Object.entries({ running, waiting, delayed })) {
      this.#turns.record(count, { [FLEET]: fleet, [FLEET_STATE]: state });
    }
  }

  waited(ms: number, attributes: Attributes): void {
    this.#waits.record(ms / 1000, attributes);
  }

  ran(ms: number, attributes: Attributes): void {
    this.#durations.record(ms / 1000, attributes);
  }
}
