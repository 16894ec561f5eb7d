import { type Renderable } from "./sections.cjs";
/**
 * A thread, a turn or an entry as plain text, for logs and bug reports. Control characters are left
 * out, so that it can be shown on a terminal.
 */
export declare function toText(view: Renderable): string;
//# sourceMappingURL=to-text.d.ts.map