import { LaunchError } from "../errors/errors.ts";
import { orAborted, within } from "../util/abort.ts";
import { isRecord } from "../util/describe.ts";
import { GuardedTransport } from "./guarded-transport.ts";
import type { Endpoint, Transport } from "./transport.ts";

/** How long to wait for an aborted endpoint to clean up. */
const CLEAN_UP_MS = 1_000;

/**
 * Connects to any endpoint, including custom ones. An abort rejects with the signal's reason even
 * if the endpoint ignores the signal; a transport that arrives later is closed.
 * @throws LaunchError if the endpoint returns something that isn't a transport.
 */
export async function dial(endpoint: Endpoint, signal: AbortSignal): Promise<Transport> {
  signal.throwIfAborted();
  const connecting = connect(endpoint, signal);
  try {
    return await orAborted(connecting, signal);
  } catch (error) {
    if (signal.aborted) {
      const cleanedUp = connecting.then(
        (late) => late.close(),
        () => {},
      );
      await within(CLEAN_UP_MS, cleanedUp);
    }
    throw error;
  }
}

async function connect(endpoint: Endpoint, signal: AbortSignal): Promise<Transport> {
  const transport: unknown = await endpoint.connect(signal);
  if (transport instanceof GuardedTransport) return transport;
  if (isTransport(transport)) return new GuardedTransport(transport, endpoint.name);
  throw new LaunchError(
    `The endpoint ${endpoint.name} returned no transport: its connect() must resolve with an object that has listen, send and close`,
  );
}

function isTransport(value: unknown): value is Transport {
  return (
    isRecord(value) &&
    [value.listen, value.send, value.close].every((member) => typeof member === "function")
  );
}
