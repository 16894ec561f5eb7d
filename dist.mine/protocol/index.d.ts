export { PARAM_TYPES } from "./generated/members.js";
export type * from "./generated/methods.js";
export { PROTOCOL_VERSION } from "./generated/methods.js";
export type * from "./generated/types.js";
//# sourceMappingURL=index.d.ts.map