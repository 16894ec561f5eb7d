import { type Warn } from "../errors/warning.cjs";
import type { DynamicToolCallParams, DynamicToolCallResponse, DynamicToolSpec } from "../protocol/index.cjs";
import type { Tool } from "./tool.cjs";
/** Tools under a common name: their names need only be unique in it, and they can be loaded on demand. */
export interface ToolNamespace {
    readonly name: string;
    /** For the model, at most 1,024 characters. Default: the server's own text. */
    readonly description?: string | undefined;
    readonly tools: readonly Tool[];
}
/** The tools of a thread: their specifications for the server, and the answers to its calls. */
export declare class ToolSet {
    #private;
    /** @throws {TypeError} a value that isn't a tool, a duplicate name, or a namespace that the server refuses. */
    constructor(tools: readonly (Tool | ToolNamespace)[]);
    /** For `dynamicTools` of `thread/start`. */
    specs(): DynamicToolSpec[];
    /** Answers `item/tool/call`. Never rejects: the model reads what went wrong. */
    call(params: DynamicToolCallParams, options: {
        readonly signal: AbortSignal;
        readonly warn?: Warn;
    }): Promise<DynamicToolCallResponse>;
}
//# sourceMappingURL=tool-set.d.ts.map