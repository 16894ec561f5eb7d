import { expect, test } from "vitest";
import { toJson, toMarkdown, toText } from "../../../src/timeline/index.ts";
import { expectLinear } from "../../support/growth.ts";
import {
  complete,
  entriesOf,
  lastOf,
  runningTimeline,
  send,
  TURN,
} from "../../support/timelines.ts";

function conversation() {
  const timeline = runningTimeline();
  timeline.setThread({ id: "thread", name: "Fix # it", model: "m" });
  const content = [
    { type: "text", text: "Do *it*." },
    { type: "localImage", path: "/a_b.png" },
  ];
  complete(timeline, { type: "userMessage", id: "u", content });
  complete(timeline, { type: "reasoning", id: "none", summary: [], content: [] });
  complete(timeline, {
    ...{ type: "commandExecution", id: "c", command: "/bin/sh -c 'cat `x`'", status: "failed" },
    ...{ exitCode: 1, durationMs: 1500, aggregatedOutput: "\x1b[31m```red\x1b[0m\n10%\r100%\n" },
  });
  const diff = "@@ -1 +1 @@\n-a\n+b\n";
  complete(timeline, {
    ...{ type: "fileChange", id: "f", status: "declined" },
    changes: [{ path: "/x.ts", kind: { type: "update", move_path: null }, diff }],
  });
  complete(timeline, { id: "o", type: "odd", a: 1 });
  complete(timeline, { type: "agentMessage", id: "a", text: "# Done\n\n\x1b[2Jyes" });
  send(timeline, "turn/plan/updated", {
    plan: [{ step: "one", status: "completed" }, { step: "two" }],
  });
  const turn = {
    id: TURN,
    status: "failed",
    durationMs: 61_000,
    error: { message: "no", codexErrorInfo: "other" },
  };
  send(timeline, "turn/completed", { turn });
  return timeline;
}

test("plain text", () => {
  expect(toText(conversation().snapshot)).toBe(`== Fix # it · m

= Turn turn · failed · 1 min 1 s

User
  Do *it*.
  image /a_b.png

Command · exit 1 · 1.5 s
  $ cat \`x\`
  \`\`\`red
  100%

Edit /x.ts · (+1 -1) declined
  @@ -1,1 +1,1 @@
  -a
  +b

odd
  {
    "id": "o",
    "type": "odd",
    "a": 1
  }

Codex
  # Done

  yes

Plan
  [x] one
  [ ] two

Error · other
  no
`);
});

test("Markdown, with fences that nothing inside ends", () => {
  expect(toMarkdown(conversation().snapshot)).toBe(`# Fix \\# it · m

## Turn turn · failed · 1 min 1 s

**User**

Do *it*.

- image /a\\_b.png

**Command** exit 1 · 1.5 s

\`\`\`\`console
$ cat \`x\`
\`\`\`red
100%
\`\`\`\`

**Edit /x.ts** (+1 -1) declined

\`\`\`diff
@@ -1,1 +1,1 @@
-a
+b
\`\`\`

**odd**

\`\`\`json
{
  "id": "o",
  "type": "odd",
  "a": 1
}
\`\`\`

**Codex**

# Done

yes

**Plan**

- \\[x\\] one
- \\[ \\] two

**Error** other

\`\`\`
no
\`\`\`
`);
});

test("JSON, with all that the view has", () => {
  const { snapshot } = conversation();
  expect(JSON.parse(toJson(snapshot))).toEqual({ version: 1, thread: snapshot });
});

test("one turn, or one entry", () => {
  const timeline = conversation();
  const [turn] = timeline.snapshot.turns;
  expect(turn && toText(turn)).toMatch(/^= Turn turn/);
  expect(toText(lastOf(timeline, "assistant"))).toBe("Codex\n  # Done\n\n  yes\n");
  expect(toMarkdown(lastOf(timeline, "error"))).toBe("**Error** other\n\n```\nno\n```\n");
  const [, none] = entriesOf(timeline);
  expect(none && [toText(none), toMarkdown(none)]).toEqual(["", ""]);
});

test("in time that grows with the text", { timeout: 120_000 }, () => {
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
