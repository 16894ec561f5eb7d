import type { TurnRecord } from "../turn/turn-record.cjs";
import type { LiveTurns } from "./live-turns.cjs";
type Listener = (record: TurnRecord) => void;
/** Those who want to see every turn of a thread, no matter who starts it. Each turn is shown once. */
export declare class ShownTurns {
    #private;
    constructor(turns: LiveTurns);
    /** Calls `listener`, which must not throw, with every turn that shows itself from now on. Returns what stops it. */
    add(listener: Listener): () => void;
    show(record: TurnRecord): void;
}
export {};
//# sourceMappingURL=shown-turns.d.ts.map