/**
 * The test kit: the real server on a scripted model, and a server in memory.
 * @module
 */
export type { ConfigTable, ConfigValue } from "../process/toml.cjs";
export { type CallOptions, type CommandOptions, command, type FunctionCallOptions, functionCall, patch, } from "./calls.cjs";
export { cut, type Failure, failure, incomplete, malformed, unfinished } from "./failures.cjs";
export { FakeAppServer, type FakeRequest } from "./fake-app-server.cjs";
export { delay, Gate, type Hold } from "./hold.cjs";
export type { HttpFailure } from "./http-failure.cjs";
export { type IsolatedHome, isolatedHome } from "./isolated-home.cjs";
export type { InputItem, ModelRequest, RequestEnd } from "./model-request.cjs";
export { type Deltas, type ReasoningOptions, reasoning, type TextOptions, text, } from "./output.cjs";
export { type Draft, events, type ModelEvent, type Part, type Step, type Usage, usage, } from "./part.cjs";
export type { Divergence } from "./replay/divergence.cjs";
export { type Replay, type ReplayOptions, replay } from "./replay/replay.cjs";
export { type PartLike, type Reply, reply } from "./reply.cjs";
export { scriptedConfig } from "./scripted-config.cjs";
export { type Rule, ScriptedModel } from "./scripted-model.cjs";
export { type Scripted, type ScriptedOptions, startScripted } from "./start.cjs";
//# sourceMappingURL=index.d.ts.map