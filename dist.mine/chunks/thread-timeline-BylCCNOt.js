export { t as ThreadTimeline } from "./thread-timeline-DK_9WsGQ.js";
