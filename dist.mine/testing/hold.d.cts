/** Pauses a reply until it resolves, or `signal` aborts because the client has disconnected. */
export interface Hold {
    /** Resolves to continue the reply; rejects with the signal's reason if that aborts first. */
    wait(signal: AbortSignal): Promise<void>;
}
/**
 * A point in a reply at which the model pauses until the test opens it. Everything before the gate
 * has been sent by then. An open gate stays open.
 *
 * @example
 * const gate = new Gate();
 * model.enqueue(text(["Hel", gate, "lo"]));
 * await gate.reached; // the client can have "Hel", and nothing after it
 * gate.open();
 */
export declare class Gate implements Hold {
    #private;
    /** Resolves when a reply has reached the gate for the first time. */
    readonly reached: Promise<void>;
    constructor();
    /** Lets all waiting and later replies pass. */
    open(): void;
    wait(signal: AbortSignal): Promise<void>;
}
/** Pauses the reply for this many milliseconds. */
export declare function delay(ms: number): Hold;
export declare function isHold(value: object): value is Hold;
//# sourceMappingURL=hold.d.ts.map