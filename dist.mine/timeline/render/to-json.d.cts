import type { ThreadView } from "../views.cjs";
/** A thread as one line of JSON: `{ version, thread }` with the members of `ThreadView`. */
export declare function toJson(thread: ThreadView): string;
//# sourceMappingURL=to-json.d.ts.map