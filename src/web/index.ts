/**
 * A handler that lets pages in a browser use the threads of a client, in any server.
 * @module
 */

export { createHandler, type Handler } from "./create-handler.ts";
export { type NodeHandler, toNodeHandler } from "./node-handler.ts";
export type {
  HandlerAction,
  HandlerActionKind,
  HandlerLimits,
  HandlerOptions,
  HandlerThreadOptions,
  HandlerTurnOptions,
} from "./options.ts";
