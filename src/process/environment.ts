/** Variables laid over the parent's; undefined takes one away (`spawn` leaves it out). */
export type EnvironmentOverrides = Readonly<Record<string, string | undefined>>;

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
