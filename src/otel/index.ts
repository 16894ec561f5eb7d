/**
 * OpenTelemetry spans and metrics for clients and fleets.
 * @module
 */

export { type InstrumentOptions, instrument } from "./instrument.ts";
