import { expect, test } from "vitest";
import { toJson, toMarkdown, toText } from "../../../src/timeline/index.ts";
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

test("Markdown, with fences that their content can't close", () => {
  expect(toMarkdown(conversation().snapshot)).toBe(`# Fix \\# it · m

## Turn turn · failed · 1 min 1 s

**User**

> Do *it*.

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

> # Done
>
> yes

**Plan**

- \\[x\\] one
- \\[ \\] two

**Error** other

\`\`\`
no
\`\`\`
`);
});

test("the agent's actions, with nothing omitted", () => {
  const timeline = runningTimeline();
  complete(timeline, {
    ...{ type: "commandExecution", id: "c", status: "completed" },
    ...{ command: "touch X #\rls -la\u200b\x1b[2K C:\\x", aggregatedOutput: "10%\r100%\n" },
  });
  const diff = "@@ -0,0 +1,2 @@\n+evil();\r+good();\n+\tfine\r\n";
  const kind = { type: "update", move_path: null };
  complete(timeline, { type: "fileChange", id: "f", changes: [{ path: "/a\u202eb", kind, diff }] });
  complete(timeline, {
    ...{ type: "mcpToolCall", id: "m", server: "s", tool: "t\u200b", status: "completed" },
    arguments: { a: "\u2066b" },
  });
  for (const shown of [toText(timeline.snapshot), toMarkdown(timeline.snapshot)]) {
    expect(shown).toContain("$ touch X #\\rls -la\\u{200b}\\x1b[2K C:\\x\n");
    expect(shown).toMatch(/^ *100%$/m);
    expect(shown).toContain("+evil();\\r+good();\n");
    expect(shown).toContain("+\tfine\n");
    expect(shown).toMatch(/Edit \/a\\+u\\?\{202e\\?\}b/);
    expect(shown).toMatch(/Call s\.t\\+u\\?\{200b/);
    expect(shown).toContain('"a": "\\u{2066}b"');
  }
});

test.each([
  ["a comment that hides the rest", "<!-- x", "> &lt;!-- x"],
  ["a collapsed part", "a\n<details>\n", "> a\n> &lt;details>"],
  ["an escaped bracket", "\\<div>", "> \\&lt;div>"],
  ["code in a line", "a `Map<K>` b <b>", "> a `Map<K>` b &lt;b>"],
  ["code in a fence", "```html\n<b>\n````\n<b>", "> ```html\n> <b>\n> ````\n> &lt;b>"],
  ["an open fence", "```\n<b>", "> ```\n> <b>"],
  ["a fence in a list", "- x\n  ```\n\n```\n<b>", "> - x\n>   ```\n>\n> ```\n> &lt;b>"],
  ["code that began above", "a `\nb ` <b> `", "> a `\n> b ` &lt;b> `"],
  ["code that a link ends in", "[a](`) <b> `", "> [a](`) &lt;b> `"],
  ["code of two cells", "| ` | <b> ` |", "> | ` | &lt;b> ` |"],
  ["a footnote, which is shown below all messages", "a[^x]\n\n[^x]: b", "> a[^x]\n>\n> [^x]\\: b"],
  ["a link for the words of others", "- [Red\nhat]: /b", "> - [Red\n> hat]\\: /b"],
  [
    "a colon after brackets in code",
    "```\n[x]: y\n```\na[0]: y",
    "> ```\n> [x]: y\n> ```\n> a[0]: y",
  ],
  ["what looks like an entry", "**Command** exit 0", "> **Command** exit 0"],
])("a message with %s can't extend beyond its quotation", (_, text, quoted) => {
  const timeline = runningTimeline();
  complete(timeline, { type: "agentMessage", id: "a", text });
  expect(toMarkdown(lastOf(timeline, "assistant"))).toBe(`**Codex**\n\n${quoted}\n`);
});

test("JSON, with everything in the view", () => {
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
