import { isRecord } from "../util/describe.ts";

/** The id of the environment that is the server's own machine. */
const OWN_MACHINE = "local";

/**
 * The environments of a thread, after its server has reported them. `known`: those that were named or reported before.
 *
 * A request of any client that only sets a directory also makes the server select its own machine, first. So a report
 * never adds it: otherwise this client's next turns would run there, instead of in the thread's container.
 */
export function reportedEnvironments(known: unknown, reported: unknown): unknown {
  if (!Array.isArray(reported)) return known;
  const isOnServer = reported.some((one) => idOf(one) === OWN_MACHINE);
  if (!isOnServer) return reported;
  if (!Array.isArray(known)) return undefined;
  const selected = known.flatMap((one) => {
    return reported.find((other) => idOf(other) === idOf(one)) ?? [];
  });
  return selected.length > 0 ? selected : known;
}

function idOf(environment: unknown): unknown {
  return isRecord(environment) ? environment.environmentId : undefined;
}
