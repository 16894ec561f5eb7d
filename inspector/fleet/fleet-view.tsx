import type { FleetState } from "../data/fleet-state.ts";
import { useStore } from "../data/store.ts";
import { Empty } from "../ui/empty.tsx";
import { duration } from "../ui/format.ts";

/** The workers of a fleet, and its stuck turns. */
export function FleetView({ fleet }: { readonly fleet: FleetState }) {
  useStore(fleet);
  const status = fleet.overview?.status;
  if (!status) return <Empty title="Loading…" />;
  const { workers, stuck, oldestMs } = status;
  return (
    <div class="fleet">
      <p>
        {status.running} running, {status.waiting} waiting, {status.delayed} delayed.
        {oldestMs !== null && ` The oldest has been waiting for ${duration(oldestMs)}.`}
      </p>
      {workers.length === 0 && <Empty title="No workers" />}
      <ul aria-label="Workers">
        {workers.map(({ id, host, pid, running, capacity, isClosing }) => (
          <li key={id}>
            <b>{id}</b>{" "}
            <span class="muted">
              {host}, process {pid}
            </span>{" "}
            {running} of {capacity} turns{isClosing && ", closing"}
          </li>
        ))}
      </ul>
      {stuck.length > 0 && (
        <ul aria-label="Stuck turns">
          {stuck.map(({ turn, worker, sinceMs }) => (
            <li key={turn}>
              The worker {worker} of turn {turn} hasn't reported for {duration(sinceMs)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** The fleet in a few words. */
export function FleetFacts({ fleet }: { readonly fleet: FleetState }) {
  useStore(fleet);
  const status = fleet.overview?.status;
  if (!status) return null;
  const { workers, running, capacity, waiting } = status;
  return (
    <span class="optional">
      {workers.length === 1 ? "1 worker" : `${workers.length} workers`}, {running} of {capacity}{" "}
      turns, {waiting} waiting
    </span>
  );
}
