export { Codex } from "./codex.cjs";
export type * from "./events.cjs";
export type * from "./items.cjs";
export type * from "./options.cjs";
export { type RunResult, type RunStreamedResult, type StreamedTurn, Thread, type Turn, } from "./thread.cjs";
//# sourceMappingURL=index.d.ts.map