const BACKTRACE = /^(stack backtrace:|note: run with `RUST_BACKTRACE=|\s+\d+: |\s+at )/i;

/**
 * The last lines of a server's stderr that say something: with RUST_BACKTRACE set it ends in a
 * stack, which would push its reason out of sight.
 */
export function lastWords(stderr: readonly string[], count = 5): string[] {
  return stderr.filter((line) => line.trim() !== "" && !BACKTRACE.test(line)).slice(-count);
}
