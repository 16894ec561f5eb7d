/** Warnings about the machine that the tests run on, which may lack a sandbox. */
const OF_THE_MACHINE =
  /^\(node:\d+\) \[CONFIG_WARNING\] CodexWarning: [^\n]*bubblewrap[^\n]*\n(?:\(Use `node --trace-warnings[^\n]*\n)?/gm;

/** What a program wrote to stderr, without warnings about the machine. */
export function withoutMachineWarnings(stderr: string): string {
  return stderr.replace(OF_THE_MACHINE, "");
}
