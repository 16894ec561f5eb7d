/** Whether a stream takes colours: FORCE_COLOR says yes or no, else NO_COLOR says no, else a terminal does. */
export function takesColours(
  stream: { readonly isTTY?: boolean | undefined },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  const { FORCE_COLOR: force, NO_COLOR: no, TERM: term } = env;
  if (force !== undefined) return !["0", "false"].includes(force);
  if (no) return false;
  return stream.isTTY === true && term !== "dumb";
}
