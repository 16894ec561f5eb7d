import type { RequestOptions } from "../thread/thread-server.cjs";
import type { NamespaceClient } from "./namespaces/client.cjs";
import type { Optional, ParamsOf } from "./types.cjs";
declare const SET_HERE: readonly ["command", "processId", "streamStdin", "streamStdoutStderr", "disableTimeout"];
/** Options of a command: every other field of `command/exec`. */
export interface ExecOptions extends Optional<Omit<ParamsOf<"command/exec">, (typeof SET_HERE)[number]>> {
    /** Aborting ends the command; `run()` rejects with the signal's reason at once. */
    readonly signal?: AbortSignal | undefined;
    /** How long the command may run, in milliseconds; 0 is no limit. Default: the server's. */
    readonly timeoutMs?: number | undefined;
}
/** A piece of a command's output. */
export interface ExecOutput {
    readonly stream: "stdout" | "stderr";
    readonly text: string;
}
/** How a command ended and what it printed. */
export interface ExecResult {
    readonly exitCode: number;
    readonly stdout: string;
    readonly stderr: string;
    /** Whether the server cut the output at its limit; see `outputBytesCap`. */
    readonly isCut: boolean;
}
/**
 * A command that runs in the server's sandbox, outside any thread: the agent doesn't see it.
 *
 * @example
 * const { exitCode, stdout } = await codex.exec(["git", "status"], { cwd: "/repo" }).run();
 */
export declare class ExecCommand {
    #private;
    /**
     * Created by `Codex.exec`.
     * @internal
     */
    constructor(client: NamespaceClient, command: readonly string[], options: ExecOptions);
    /**
     * Waits for the command to end: `command/exec`.
     * @throws JsonRpcError if it couldn't be started.
     */
    run(): Promise<ExecResult>;
    /** Yields the output from its beginning, as it is printed: `command/exec/outputDelta`. Throws what `run()` throws. */
    stream(): AsyncGenerator<ExecOutput, undefined>;
    /** Writes to the command's stdin: `command/exec/write`. */
    write(input: string | Uint8Array, options?: RequestOptions): Promise<void>;
    /** Closes the command's stdin: `command/exec/write`. */
    closeStdin(options?: RequestOptions): Promise<void>;
    /** Changes the size of the command's terminal: `command/exec/resize`. For commands with `tty: true`. */
    resize(size: {
        readonly rows: number;
        readonly cols: number;
    }, options?: RequestOptions): Promise<void>;
    /** Ends the command: `command/exec/terminate`. Does nothing if it has ended. */
    kill(options?: RequestOptions): Promise<void>;
}
export {};
//# sourceMappingURL=exec.d.ts.map