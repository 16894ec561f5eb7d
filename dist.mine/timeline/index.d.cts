export type * from "./entries.cjs";
export type { Renderable } from "./render/sections.cjs";
export { toJson } from "./render/to-json.cjs";
export { toMarkdown } from "./render/to-markdown.cjs";
export { toText } from "./render/to-text.cjs";
export type { Schedule } from "./schedule.cjs";
export { Timeline, type TimelineNotification, type TimelineOptions } from "./timeline.cjs";
export type * from "./views.cjs";
//# sourceMappingURL=index.d.ts.map