import { quoteForeign } from "../text/secrets.ts";

/** Of one line, in the message of an error. */
const MAX_LINE = 1_000;
const BACKTRACE = /^(stack backtrace:|note: run with `RUST_BACKTRACE=|\s+\d+: |\s+at )/i;

/**
 * The last lines of a server's stderr that say something: with RUST_BACKTRACE set it ends in a
 * stack, which would push its reason out of sight.
 */
export function lastWords(stderr: readonly string[], count = 5): string[] {
  const lines = stderr.filter((line) => line.trim() !== "" && !BACKTRACE.test(line));
  return lines.slice(-count).map((line) => quoteForeign(line, MAX_LINE));
}
