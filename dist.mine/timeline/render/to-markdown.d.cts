import { type Renderable } from "./sections.cjs";
/**
 * A thread, a turn or an entry as Markdown, for exports and issues. Messages are quotations
 * with their own formatting, but no HTML; commands, diffs and results are fenced so that nothing in
 * them is read as Markdown.
 */
export declare function toMarkdown(view: Renderable): string;
//# sourceMappingURL=to-markdown.d.ts.map