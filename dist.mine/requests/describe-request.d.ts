import type { RequestDescription } from "./description.js";
/**
 * Describes a server request as data to show: exact and complete, with everything escaped that
 * could act on a screen, and the answers that it offers. Never throws.
 *
 * `item` is the thread item that the request is about, if known: the diff of a file change is
 * there. If item and request differ, the request is described, with a warning. `exactNumbers` is
 * that of the request's context; without it, there is a warning wherever numbers are shown, as they
 * may have been rounded when the request was parsed.
 */
export declare function describeRequest(method: string, params: unknown, item?: unknown, exactNumbers?: boolean): RequestDescription;
//# sourceMappingURL=describe-request.d.ts.map