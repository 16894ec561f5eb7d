import { test } from "vitest";
import { toMarkdown, toText } from "../../../src/timeline/index.ts";
import { expectLinear } from "../../support/growth.ts";
import { complete, runningTimeline } from "../../support/timelines.ts";

test("rendering takes time that grows with the length of the text", { timeout: 120_000 }, () => {
  expectLinear((text) => {
    const timeline = runningTimeline();
    complete(timeline, { type: "agentMessage", id: "a", text });
    complete(timeline, {
      type: "commandExecution",
      id: "c",
      command: text,
      aggregatedOutput: text,
    });
    const changes = [
      { path: text, kind: { type: "update", move_path: text }, diff: `@@ -1 +1 @@\n${text}` },
    ];
    complete(timeline, { type: "fileChange", id: "f", changes });
    complete(timeline, { type: "new", id: "n", text });
    toText(timeline.snapshot);
    toMarkdown(timeline.snapshot);
  });
});
