import { a as toJson, n as toMarkdown, t as toText } from "../chunks/timeline-DATLN4Uk.js";
import { t as Timeline } from "../chunks/timeline-DBTJ8bdF.js";
export { Timeline, toJson, toMarkdown, toText };
