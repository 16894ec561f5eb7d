/** Whether to use colours on a stream: FORCE_COLOR decides, otherwise NO_COLOR, otherwise whether it is a terminal. */
export function takesColours(
  stream: { readonly isTTY?: boolean | undefined },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  const { FORCE_COLOR: force, NO_COLOR: no, TERM: term } = env;
  if (force !== undefined) return !["0", "false"].includes(force);
  if (no) return false;
  return stream.isTTY === true && term !== "dumb";
}
