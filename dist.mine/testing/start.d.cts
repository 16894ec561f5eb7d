import { Codex } from "../client/codex.cjs";
import type { CodexOptions } from "../client/options.cjs";
import type { Reply } from "./reply.cjs";
import { type Rule, ScriptedModel } from "./scripted-model.cjs";
/** The options of a `Codex`, and the script of its model. */
export interface ScriptedOptions extends CodexOptions {
    /** Replies to queue, or a rule that returns them; more can be added to the model later. */
    readonly script?: Rule | readonly Reply[];
}
/**
 * A `Codex` on a scripted model. Closing it or disposing of it ends both and removes their
 * directories, as the end of the process does.
 */
export interface Scripted extends AsyncDisposable {
    readonly codex: Codex;
    readonly model: ScriptedModel;
    /** Its CODEX_HOME. */
    readonly home: string;
    /** Its working directory: an empty one, unless the options set another. */
    readonly cwd: string;
    close(): Promise<void>;
}
/**
 * Starts a real app-server on a scripted model, isolated from the user's configuration and login,
 * and without the environment variables that it doesn't need (see `IsolatedHome.env`). The
 * options take precedence over these settings: `env: { MY_VARIABLE: "value" }` adds a variable.
 *
 * @throws LaunchError if the server can't be started; nothing is left behind then.
 *
 * @example
 * await using scripted = await startScripted({ script: ["Hello!"] });
 * const thread = await scripted.codex.threadStart();
 * const { text } = await thread.run("Say hello.");
 */
export declare function startScripted(options?: ScriptedOptions): Promise<Scripted>;
//# sourceMappingURL=start.d.ts.map