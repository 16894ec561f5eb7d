export { Codex } from "./codex.js";
export type * from "./events.js";
export type * from "./items.js";
export type * from "./options.js";
export { type RunResult, type RunStreamedResult, type StreamedTurn, Thread, type Turn, } from "./thread.js";
//# sourceMappingURL=index.d.ts.map