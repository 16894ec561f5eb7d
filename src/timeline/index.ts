/**
 * Turns notifications and stored turns into entries that a user interface can draw.
 * @module
 */

export type * from "./entries.ts";
export type { Renderable } from "./render/sections.ts";
export { toJson } from "./render/to-json.ts";
export { toMarkdown } from "./render/to-markdown.ts";
export { toText } from "./render/to-text.ts";
export type { Schedule } from "./schedule.ts";
export { Timeline, type TimelineNotification, type TimelineOptions } from "./timeline.ts";
export type * from "./views.ts";
