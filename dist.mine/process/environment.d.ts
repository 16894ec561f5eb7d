/** Variables merged over those of the parent; undefined unsets one. */
export type EnvironmentOverrides = Readonly<Record<string, string | undefined>>;
/**
 * The environment of a server: that of this process, without the variables of an enclosing Codex
 * and without the one that traces this program, with `overrides`.
 */
export declare function serverEnvironment(overrides: EnvironmentOverrides | undefined, base?: NodeJS.ProcessEnv, platform?: NodeJS.Platform): NodeJS.ProcessEnv;
/** `base` with `overrides`. On Windows, names that differ only in case are the same variable. */
export declare function mergeEnvironment(base: NodeJS.ProcessEnv, overrides?: EnvironmentOverrides, platform?: NodeJS.Platform): NodeJS.ProcessEnv;
//# sourceMappingURL=environment.d.ts.map