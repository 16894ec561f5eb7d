import type { UserInput } from "../protocol/index.js";
import type { Input } from "./input.js";
/** Limit of the server, in Unicode code points of all text items together. */
export declare const MAX_TEXT_CHARS = 1048576;
export interface PrepareInputOptions {
    /** Base of relative paths: the server's working directory. Default: `process.cwd()`. */
    readonly cwd?: string | undefined;
    /** False if the server's files aren't visible here: paths are then sent unchanged. Default true. */
    readonly checkPaths?: boolean | undefined;
    /** Asks the server for the paths of its skills; called if the input has a skill. Default: skills aren't checked. */
    readonly knownSkills?: (() => Promise<readonly string[]>) | undefined;
}
/**
 * Checks the input of a turn, and converts it to that of `turn/start` and `turn/steer`. The server
 * wouldn't report most of what is refused here: it drops an unknown skill, and replaces an image or
 * audio that it can't read with a note for the model. Relative paths become absolute, as the server
 * would resolve them against the directory of its own process, not the thread's.
 *
 * @throws {TypeError} an item or field of the wrong type.
 * @throws {InvalidInputError} an empty input, too much text, a path that doesn't exist, an image or
 *   audio that the server can't read, or a skill that it doesn't know.
 */
export declare function prepareInput(input: Input, options?: PrepareInputOptions): Promise<UserInput[]>;
//# sourceMappingURL=prepare-input.d.ts.map