/** The command was used in a wrong way; the message names the option. */
export class UsageError extends Error {
  override name = "UsageError";
  readonly code = "USAGE";
}
