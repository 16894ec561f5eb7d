export { PARAM_TYPES } from "./generated/members.ts";
export type * from "./generated/methods.ts";
export { PROTOCOL_VERSION } from "./generated/methods.ts";
export type * from "./generated/types.ts";
