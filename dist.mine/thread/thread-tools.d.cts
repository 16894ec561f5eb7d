import type { Warn } from "../errors/warning.cjs";
import type { DynamicToolCallParams, DynamicToolCallResponse } from "../protocol/index.cjs";
/** The tools that the client serves on one thread. */
export interface ThreadTools {
    /** Never rejects: what goes wrong becomes a failed result that the model can read. */
    call(params: DynamicToolCallParams, options: {
        readonly signal: AbortSignal;
        readonly warn: Warn;
    }): Promise<DynamicToolCallResponse>;
}
//# sourceMappingURL=thread-tools.d.ts.map