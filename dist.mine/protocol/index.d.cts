export { PARAM_TYPES } from "./generated/members.cjs";
export type * from "./generated/methods.cjs";
export { PROTOCOL_VERSION } from "./generated/methods.cjs";
export type * from "./generated/types.cjs";
//# sourceMappingURL=index.d.ts.map