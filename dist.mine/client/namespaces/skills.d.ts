import type { SkillsListEntry } from "../../protocol/index.js";
import type { RequestOptions } from "../../thread/thread-server.js";
import type { ParamsOf, ResultOf } from "../types.js";
import { type NamespaceClient } from "./client.js";
/** The skills that the agent can use. */
export declare class Skills {
    #private;
    /**
     * Created by `Codex`.
     * @internal
     */
    constructor(client: NamespaceClient);
    /** Returns the skills of each working directory, and those that couldn't be read: `skills/list`. */
    list(options?: RequestOptions & Partial<ParamsOf<"skills/list">>): Promise<SkillsListEntry[]>;
    /** Switches a skill on or off, by its path or name: `skills/config/write`. */
    setEnabled(skill: {
        readonly path: string;
    } | {
        readonly name: string;
    }, enabled: boolean, options?: RequestOptions): Promise<ResultOf<"skills/config/write">>;
    /** Names more folders to look for skills in, for as long as the server runs: `skills/extraRoots/set`. */
    setExtraRoots(roots: readonly string[], options?: RequestOptions): Promise<void>;
    /** Calls `listener` when skills have changed on disk: `skills/changed`. Dispose of the result to stop. */
    onChange(listener: () => void): Disposable;
}
//# sourceMappingURL=skills.d.ts.map