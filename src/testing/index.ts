/**
 * The test kit: the real server with a scripted model, and a server in memory.
 * @module
 */

export type { ConfigTable, ConfigValue } from "../process/toml.ts";
export {
  type CallOptions,
  type CommandOptions,
  command,
  type FunctionCallOptions,
  functionCall,
  patch,
} from "./calls.ts";
export { cut, type Failure, failure, incomplete, malformed, unfinished } from "./failures.ts";
export { FakeAppServer, type FakeRequest } from "./fake-app-server.ts";
export { delay, Gate, type Hold } from "./hold.ts";
export type { HttpFailure } from "./http-failure.ts";
export { type IsolatedHome, isolatedHome } from "./isolated-home.ts";
export type { InputItem, ModelRequest, RequestEnd } from "./model-request.ts";
export {
  type Deltas,
  type ReasoningOptions,
  reasoning,
  type TextOptions,
  text,
} from "./output.ts";
export {
  type Draft,
  events,
  type ModelEvent,
  type Part,
  type Step,
  type Usage,
  usage,
} from "./part.ts";
export type { Divergence } from "./replay/divergence.ts";
export { type Replay, type ReplayOptions, replay } from "./replay/replay.ts";
export { type PartLike, type Reply, reply } from "./reply.ts";
export { scriptedConfig } from "./scripted-config.ts";
export { type Rule, ScriptedModel } from "./scripted-model.ts";
export { type Scripted, type ScriptedOptions, startScripted } from "./start.ts";
