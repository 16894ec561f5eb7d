/**
 * The API of `@openai/codex-sdk`, on one server that stays running.
 * @module
 */

export { Codex } from "./codex.ts";
export type * from "./events.ts";
export type * from "./items.ts";
export type * from "./options.ts";
export {
  type RunResult,
  type RunStreamedResult,
  type StreamedTurn,
  Thread,
  type Turn,
} from "./thread.ts";
