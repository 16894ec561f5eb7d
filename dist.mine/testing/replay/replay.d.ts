import type { Endpoint, Transport } from "../../transport/transport.js";
import { type Divergence } from "./divergence.js";
export interface ReplayOptions {
    /**
     * How many times faster than it was recorded the server answers: 1 is as recorded. Default
     * `Infinity`: without pauses.
     */
    readonly speed?: number | undefined;
    /**
     * How long to wait for a message that the client sent in the recording before it counts as missing
     * and the replay continues, in milliseconds. Default 5,000.
     */
    readonly waitMs?: number | undefined;
    /** Names of members that may differ, wherever they are, such as "cwd" and "model". */
    readonly ignore?: readonly string[] | undefined;
}
/**
 * The server of a recording: pass it to a client as `transport`. Ids that the client generates in
 * each run, and what was masked in the recording, may differ.
 */
export declare class Replay implements Endpoint {
    #private;
    readonly name: string;
    readonly outlivesTransport: boolean;
    /** The paths in the recording may be those of another machine. */
    readonly sharesFiles = false;
    /** Called by `replay`. */
    constructor(file: string, options: ReplayOptions);
    /** Where the client did something else than in the recording, in the order in which it was noticed. */
    get divergences(): readonly Divergence[];
    /** Resolves when all that was recorded has been played. */
    get finished(): Promise<void>;
    /** @throws Error that lists the divergences, if there are any. */
    assertNoDivergence(): void;
    connect(signal: AbortSignal): Promise<Transport>;
}
/**
 * Plays the server of a trace, which a client wrote with the option `trace`: the same messages, in
 * the same order, each after what the client sent before it.
 *
 * @throws Error if the file isn't a trace, or its beginning was deleted.
 *
 * @example
 * const server = replay("run.jsonl");
 * await using codex = new Codex({ transport: server });
 * const thread = await codex.threadStart();
 * await thread.run("Say hello.");
 * server.assertNoDivergence();
 */
export declare function replay(file: string, options?: ReplayOptions): Replay;
//# sourceMappingURL=replay.d.ts.map