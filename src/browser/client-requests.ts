import type { LiveRequests } from "../bridge/messages.ts";
import type { PendingRequestData } from "../requests/pending-request-data.ts";
import type { Connection } from "./connection.ts";
import type { HandlerError } from "./handler-error.ts";
import { Listeners } from "./listeners.ts";
import { LiveState, type StreamStatus } from "./live-state.ts";

const NONE: readonly PendingRequestData[] = [];

/** The pending requests of all threads that the user may see, kept up to date. Close it when it is no longer shown. */
export class ClientRequests {
  readonly #live: LiveState<LiveRequests>;
  readonly #listeners = new Listeners();

  /** Created by `CodexClient.requests`. */
  constructor(connection: Connection) {
    this.#live = new LiveState(connection, { kind: "events" }, () => this.#listeners.tell());
  }

  /** The pending requests, oldest first. */
  get pending(): readonly PendingRequestData[] {
    return this.#live.state?.requests ?? NONE;
  }

  /** Whether events arrive: "connecting", "open" or "closed". */
  get status(): StreamStatus {
    return this.#live.status;
  }

  /** Why the status is "closed", or why the last attempt to connect failed. */
  get error(): HandlerError | undefined {
    return this.#live.error;
  }

  /** Calls the listener after each change to the requests or the status. Returns a function that removes it. */
  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Ends the updates. Idempotent. */
  close(): void {
    this.#live.close();
  }
}
