import { TRACE_VARIABLE } from "../trace/options.ts";

/** Environment variables that override those of this process; undefined unsets a variable. */
export type EnvironmentOverrides = Readonly<Record<string, string | undefined>>;

/**
 * Variables that a Codex server sets for its commands, or that its launchers set for the server.
 * With them, a server that such a command starts would report a wrong originator, or mistake the
 * other server's sandbox for its own.
 */
const OF_ENCLOSING_CODEX =
  /^CODEX_(?:INTERNAL_|SANDBOX|NETWORK_|CONFIG_SECRET_|MANAGED_|SHELL_SNAPSHOT|PLUGIN_METRICS_|(?:THREAD_ID|SESSION_ID|TURN_ID|TOOL_CALL_ID|CI|VERSION|PERMISSION_PROFILE|ESCALATE_SOCKET|APPLY_PATCH_PRESERVE_LINE_ENDINGS)$)/;

/**
 * The environment of a server: this process's environment, without the variables of an enclosing
 * Codex and the one that traces this program, merged with `overrides`.
 */
export function serverEnvironment(
  overrides: EnvironmentOverrides | undefined,
  base: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): NodeJS.ProcessEnv {
  const own = Object.entries(base).filter(
    ([name]) => !isOfEnclosingCodex(name, platform) && name !== TRACE_VARIABLE,
  );
  return mergeEnvironment(Object.fromEntries(own), overrides, platform);
}

function isOfEnclosingCodex(name: string, platform: NodeJS.Platform): boolean {
  return OF_ENCLOSING_CODEX.test(platform === "win32" ? name.toUpperCase() : name);
}

/** `base` with `overrides`. On Windows, names that differ only in case are the same variable. */
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
