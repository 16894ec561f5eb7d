export type * from "./entries.js";
export type { Renderable } from "./render/sections.js";
export { toJson } from "./render/to-json.js";
export { toMarkdown } from "./render/to-markdown.js";
export { toText } from "./render/to-text.js";
export type { Schedule } from "./schedule.js";
export { Timeline, type TimelineNotification, type TimelineOptions } from "./timeline.js";
export type * from "./views.js";
//# sourceMappingURL=index.d.ts.map