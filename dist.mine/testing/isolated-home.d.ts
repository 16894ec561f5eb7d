import { type ConfigTable } from "../process/toml.js";
import { type TemporaryDirectory } from "./temporary-directory.js";
/** A fresh CODEX_HOME; closing it or disposing of it removes the directory. */
export interface IsolatedHome extends TemporaryDirectory {
    /**
     * The environment of a server with this home, for the option `env`. It unsets (undefined) every
     * variable that a server doesn't need, so that none of your credentials reaches the server, its
     * commands or its MCP servers, and no proxy is used for the model. It keeps PATH, home and
     * temporary directories, the user's name and shell, language and time zone, RUST_LOG and
     * RUST_BACKTRACE, and what Windows needs. Add what your test needs: `{ ...home.env, MY_VARIABLE:
     * "value" }`.
     */
    readonly env: Readonly<Record<string, string | undefined>>;
}
/** Creates a fresh CODEX_HOME in the temporary directory, with this config.toml. */
export declare function isolatedHome(config?: ConfigTable): Promise<IsolatedHome>;
//# sourceMappingURL=isolated-home.d.ts.map