import { CodexError } from "../errors/errors.ts";

/**
 * Ctrl-C (SIGINT) ended the wait of a blocking call. A `run()` also interrupts its turn on the
 * server. The program's SIGINT listeners are called when its thread is free again.
 */
export class InterruptedError extends CodexError {
  override name = "InterruptedError";
  override readonly code = "INTERRUPTED";
}
