import type { Entry } from "../entries.js";
import type { ThreadView, TurnView } from "../views.js";
import { type Block } from "./blocks.js";
/** A thread, one of its turns, or one entry of a turn. */
export type Renderable = ThreadView | TurnView | Entry;
/** A part of a rendering under a heading. */
export interface Section {
    /** 1 for a thread, 2 for a turn; 0 for an entry, which has no heading. */
    readonly level: 0 | 1 | 2;
    readonly heading: string;
    readonly blocks: readonly Block[];
}
/** What there is to say, for any rendering. */
export declare function sectionsOf(view: Renderable): readonly Section[];
//# sourceMappingURL=sections.d.ts.map