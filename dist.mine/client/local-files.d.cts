import type { PrepareInputOptions } from "../input/prepare-input.cjs";
import type { Session } from "../session/session.cjs";
import type { ThreadState } from "../thread/thread-state.cjs";
/** Checks the caller's paths if the server sees the same files as this program. */
export declare class LocalFiles {
    #private;
    /** `cwd` is the server's working directory; default that of this process. */
    constructor(session: Session, cwd: string | undefined);
    /** @throws InvalidInputError if `cwd` is given and isn't a directory. */
    checkCwd(cwd: unknown): Promise<void>;
    /** How to check the input of a turn; `cwd` is the turn's own, if it sets one. */
    inputOptions(thread: ThreadState, cwd: unknown): PrepareInputOptions;
}
//# sourceMappingURL=local-files.d.ts.map