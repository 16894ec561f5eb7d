import { quoteForeign } from "../text/secrets.ts";

/** Limit for one line in an error message. */
const MAX_LINE = 1_000;
const BACKTRACE = /^(stack backtrace:|note: run with `RUST_BACKTRACE=|\s+\d+: |\s+at )/i;

/**
 * The last meaningful lines of a server's stderr: with RUST_BACKTRACE set, stderr ends with a stack
 * trace, which would hide the reason.
 */
export function lastWords(stderr: readonly string[], count = 5): string[] {
  const lines = stderr.filter((line) => line.trim() !== "" && !BACKTRACE.test(line));
  return lines.slice(-count).map((line) => quoteForeign(line, MAX_LINE));
}
