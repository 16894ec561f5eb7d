import type { Notification } from "../client/notifications.cjs";
import type { Turn, WaitOptions } from "../client/turn.cjs";
import type { TurnResult } from "../turn/result.cjs";
import type { Blocking, Result } from "./blocking.cjs";
import type { RemoteObject } from "./remote-object.cjs";
/** A `Turn` whose methods block until they can return their results. */
export declare class TurnSync<Output = unknown> implements Blocking<Turn<Output>, {
    thread: never;
    turn: never;
}> {
    #private;
    readonly id: string;
    readonly threadId: string;
    /**
     * Created by `ThreadSync.turn`.
     * @internal
     */
    constructor(turn: {
        readonly id: string;
        readonly threadId: string;
    }, remote: RemoteObject);
    /**
     * The turn's notifications as they arrive, from the first up to and including `turn/completed`.
     * See `Turn.stream`.
     */
    stream(options?: WaitOptions): Generator<Notification, undefined>;
    /** The text of the assistant's messages as it arrives. See `Turn.textStream`. */
    textStream(options?: WaitOptions): Generator<string, undefined>;
    /** Waits for the turn to end, and returns its result. See `Turn.run`. */
    run(options?: WaitOptions): TurnResult<Output>;
    /** Adds input to the running turn: `turn/steer`. See `Turn.steer`. */
    steer(...args: Parameters<Turn["steer"]>): Result<Turn["steer"]>;
    /** Stops the turn: `turn/interrupt`. See `Turn.interrupt`. */
    interrupt(...args: Parameters<Turn["interrupt"]>): Result<Turn["interrupt"]>;
}
//# sourceMappingURL=turn-sync.d.ts.map