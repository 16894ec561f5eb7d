import type { Warn } from "../errors/warning.ts";
import type { DynamicToolCallParams, DynamicToolCallResponse } from "../protocol/index.ts";

/** The tools that the client serves on one thread. */
export interface ThreadTools {
  /** Answers a call. Never rejects: an error becomes a failed result that the model can read. */
  call(
    params: DynamicToolCallParams,
    options: { readonly signal: AbortSignal; readonly warn: Warn },
  ): Promise<DynamicToolCallResponse>;
}
