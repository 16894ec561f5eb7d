/** Variables laid over the parent's; undefined takes one away (`spawn` leaves it out). */
export type EnvironmentOverrides = Readonly<Record<string, string | undefined>>;

/**
 * What a Codex server sets for the commands that it runs, and its launchers for it. A server that
 * is started from such a command is another one: with these it would report a wrong originator, or
 * take a sandbox of the other one for its own.
 */
const OF_ENCLOSING_CODEX =
  /^CODEX_(?:INTERNAL_|SANDBOX|NETWORK_|CONFIG_SECRET_|MANAGED_|SHELL_SNAPSHOT|PLUGIN_METRICS_|(?:THREAD_ID|SESSION_ID|TURN_ID|TOOL_CALL_ID|CI|VERSION|PERMISSION_PROFILE|ESCALATE_SOCKET|APPLY_PATCH_PRESERVE_LINE_ENDINGS)$)/;

/**
 * The environment of a server: this process's, without the variables that an enclosing Codex has
 * set, and `overrides` over it.
 */
export function serverEnvironment(
  overrides: EnvironmentOverrides | undefined,
  base: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): NodeJS.ProcessEnv {
  const own = Object.entries(base).filter(([name]) => !isOfEnclosingCodex(name, platform));
  return mergeEnvironment(Object.fromEntries(own), overrides, platform);
}

function isOfEnclosingCodex(name: string, platform: NodeJS.Platform): boolean {
  return OF_ENCLOSING_CODEX.test(platform === "win32" ? name.toUpperCase() : name);
}

/** `base` with `overrides` over it. On Windows names that differ only in case are one variable. */
export function mergeEnvironment(
  base: NodeJS.ProcessEnv,
  overrides: EnvironmentOverrides = {},
  platform: NodeJS.Platform = process.platform,
): NodeJS.ProcessEnv {
  const sameName = platform === "win32" ? (name: string) => name.toUpperCase() : String;
  const overridden = new Set(Object.keys(overrides).map(sameName));
  const kept = Object.entries(base).filter(([name]) => !overridden.has(sameName(name)));
  return Object.fromEntries([...kept, ...Object.entries(overrides)]);
}
