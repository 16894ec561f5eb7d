import type { ConfigTable } from "../process/toml.js";
/**
 * The configuration for a server that uses the model at `url` without retries, and nothing else: no
 * plugins, which would use the network at every start, and no login shells, which would read the
 * user's profile for each command and each thread's snapshot.
 */
export declare function scriptedConfig(url: string): ConfigTable;
//# sourceMappingURL=scripted-config.d.ts.map