/**
 * The test kit: the real server on a scripted model, and a server in memory.
 * @module
 */
export type { ConfigTable, ConfigValue } from "../process/toml.js";
export { type CallOptions, type CommandOptions, command, type FunctionCallOptions, functionCall, patch, } from "./calls.js";
export { cut, type Failure, failure, incomplete, malformed, unfinished } from "./failures.js";
export { FakeAppServer, type FakeRequest } from "./fake-app-server.js";
export { delay, Gate, type Hold } from "./hold.js";
export type { HttpFailure } from "./http-failure.js";
export { type IsolatedHome, isolatedHome } from "./isolated-home.js";
export type { InputItem, ModelRequest, RequestEnd } from "./model-request.js";
export { type Deltas, type ReasoningOptions, reasoning, type TextOptions, text, } from "./output.js";
export { type Draft, events, type ModelEvent, type Part, type Step, type Usage, usage, } from "./part.js";
export type { Divergence } from "./replay/divergence.js";
export { type Replay, type ReplayOptions, replay } from "./replay/replay.js";
export { type PartLike, type Reply, reply } from "./reply.js";
export { scriptedConfig } from "./scripted-config.js";
export { type Rule, ScriptedModel } from "./scripted-model.js";
export { type Scripted, type ScriptedOptions, startScripted } from "./start.js";
//# sourceMappingURL=index.d.ts.map