import type { ConfigEdit, ConfigReadResponse, ConfigRequirementsReadResponse, ConfigWriteResponse } from "../../protocol/index.js";
import type { RequestOptions } from "../../thread/thread-server.js";
import type { ParamsOf } from "../types.js";
import { type NamespaceClient } from "./client.js";
type WriteOptions = RequestOptions & Partial<Omit<ParamsOf<"config/batchWrite">, "edits">> & {
    /** "replace" overwrites a table, "upsert" merges into it. Default "upsert". */
    readonly mergeStrategy?: ConfigEdit["mergeStrategy"] | undefined;
};
/** The server's configuration: config.toml, and the layers around it. */
export declare class Config {
    #private;
    /**
     * Created by `Codex`.
     * @internal
     */
    constructor(client: NamespaceClient);
    /** Returns the configuration in effect, as seen from `cwd`, and where each value comes from: `config/read`. */
    read(options?: RequestOptions & Partial<ParamsOf<"config/read">>): Promise<ConfigReadResponse>;
    /** Returns the layers of the configuration, such as the user's and the project's: `config/read`. */
    layers(options?: RequestOptions & Partial<ParamsOf<"config/read">>): Promise<NonNullable<ConfigReadResponse["layers"]>>;
    /**
     * Sets values of config.toml by their paths, all or none: `config/batchWrite`.
     * @example
     * await codex.config.write({ "tools.web_search": true, model: "gpt-5.5" });
     */
    write(values: Readonly<Record<string, ConfigEdit["value"]>>, options?: WriteOptions): Promise<ConfigWriteResponse>;
    /** Returns what the administrator requires of the configuration: `configRequirements/read`. */
    requirements(options?: RequestOptions): Promise<ConfigRequirementsReadResponse>;
}
export {};
//# sourceMappingURL=config.d.ts.map