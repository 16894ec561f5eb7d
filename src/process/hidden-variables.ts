import { isRecord } from "../util/describe.ts";

const POLICY = "shell_environment_policy";
const SET = `${POLICY}.set`;

/**
 * A request to the server as JSON. A thread's `config` can replace the policy that makes these variables empty for the
 * agent's commands. Then they are added to that policy.
 */
export function withHiddenVariables(text: string, names: readonly string[]): string {
  // Most requests contain no policy.
  if (names.length === 0 || !text.includes(POLICY)) return text;
  const message: unknown = JSON.parse(text);
  if (!isRecord(message) || !isRecord(message.params)) return text;
  const { params } = message;
  if (!isRecord(params.config)) return text;
  const empty = Object.fromEntries(names.map((name) => [name, ""]));
  const hidden = Object.entries(params.config).map(([path, value]) => {
    if (path === SET) return [path, merged(empty, value)];
    if (path !== POLICY || (value !== null && !isRecord(value))) return [path, value];
    return [path, { ...value, set: merged(empty, value?.set) }];
  });
  const config = Object.fromEntries(hidden);
  return JSON.stringify({ ...message, params: { ...params, config } });
}

/**
 * Settings for the command line, to be added after these ones, which can replace the policy too. A variable that one of
 * them names is left as the program wants it.
 */
export function hidingOverrides(
  overrides: readonly string[],
  names: readonly string[],
): readonly string[] {
  if (!overrides.some((setting) => setting.includes(POLICY))) return [];
  return names
    .filter((name) => !overrides.some((setting) => setting.includes(name)))
    .map((name) => `${SET}.${name}=""`);
}

/** Adds the empty variables; the program's own values take precedence. The server refuses values that aren't tables. */
function merged(empty: object, given: unknown): unknown {
  return given == null || isRecord(given) ? { ...empty, ...given } : given;
}
