import type { RequestOptions } from "../../thread/thread-server.js";
import type { ParamsOf, ResultOf } from "../types.js";
import { type NamespaceClient } from "./client.js";
type Options<M extends "plugin/list" | "plugin/installed"> = RequestOptions & Partial<ParamsOf<M>>;
/** The plugins of the server. */
export declare class Plugins {
    #private;
    /**
     * Created by `Codex`.
     * @internal
     */
    constructor(client: NamespaceClient);
    /** Returns the marketplaces with their plugins: `plugin/list`. */
    list(options?: Options<"plugin/list">): Promise<ResultOf<"plugin/list">>;
    /** Returns the installed plugins: `plugin/installed`. */
    installed(options?: Options<"plugin/installed">): Promise<ResultOf<"plugin/installed">>;
    /** Returns one plugin with its skills, apps and MCP servers: `plugin/read`. */
    read(plugin: ParamsOf<"plugin/read">, options?: RequestOptions): Promise<ResultOf<"plugin/read">>;
    /** Installs a plugin of a marketplace: `plugin/install`. */
    install(plugin: ParamsOf<"plugin/install">, options?: RequestOptions): Promise<ResultOf<"plugin/install">>;
    /** Removes an installed plugin: `plugin/uninstall`. */
    uninstall(pluginId: string, options?: RequestOptions): Promise<void>;
}
export {};
//# sourceMappingURL=plugins.d.ts.map