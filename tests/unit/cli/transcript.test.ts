import { describe, expect, it } from "vitest";
import { coloured, type Paint, plain } from "../../../src/cli/text.ts";
import { Transcript } from "../../../src/cli/transcript.ts";
import type { Notification } from "../../../src/index.ts";

type Message = [method: string, params: object];

const started = (item: object): Message => ["item/started", { item }];
const completed = (item: object): Message => ["item/completed", { item }];
const delta = (itemId: string, text: string): Message => [
  "item/agentMessage/delta",
  { itemId, delta: text },
];
const message = (id: string, text: string) => ({ type: "agentMessage", id, text });
const ls = {
  type: "commandExecution",
  id: "c1",
  command: "/bin/bash -lc 'ls -a'",
  cwd: "/project",
  status: "inProgress",
  aggregatedOutput: null,
  exitCode: null,
  durationMs: null,
};
const lsDone = {
  ...ls,
  status: "completed",
  aggregatedOutput: "a\nb\n",
  exitCode: 0,
  durationMs: 12,
};

/** The text of both streams, with paragraphs separated by an empty line. */
function read(messages: readonly Message[], paint: Paint = plain): string {
  const transcript = new Transcript("/project", paint);
  const pieces = messages.flatMap(([method, params]) =>
    transcript.accept({ method, params } as Notification),
  );
  return pieces.map(({ text, block }) => (block ? `\n${text}` : text)).join("");
}

function item(fields: object): string {
  const { status: _status, ...early } = fields as { status?: string };
  return read([started({ ...early, status: "inProgress" }), completed(fields)]);
}

describe("messages", () => {
  it("are shown as they stream, to stdout, and end their line", () => {
    const transcript = new Transcript("/project", plain);
    const show = ([method, params]: Message) =>
      transcript.accept({ method, params } as Notification);
    expect(show(started(message("m", "")))).toEqual([]);
    expect(show(delta("m", "Hel"))).toEqual([{ to: "answer", text: "Hel", block: true }]);
    expect(show(delta("m", "lo"))).toEqual([{ to: "answer", text: "lo", block: false }]);
    expect(show(completed(message("m", "Hello")))).toEqual([
      { to: "answer", text: "\n", block: false },
    ]);
  });

  it("are completed with text that no delta contained", () => {
    expect(read([completed(message("m", "Hi"))])).toBe("\nHi\n");
    expect(read([delta("m", "H"), completed(message("m", "Hi\n"))])).toBe("\nHi\n");
    expect(read([completed(message("m", ""))])).toBe("");
  });

  it("can't control the terminal", () => {
    const text = "a\u001b[2Jb\u0008c\u202ed\r\ne";
    expect(read([completed(message("m", text))])).toBe("\nabcd\ne\n");
  });
});

describe("commands", () => {
  it("show their line when they start, then output, exit code and time", () => {
    expect(read([started(ls)])).toBe("\n$ ls -a\n");
    expect(read([started(ls), completed(lsDone)])).toBe("\n$ ls -a\n  a\n  b\n  exit 0 · 12 ms\n");
  });

  it("repeat their line after other output", () => {
    const between = completed(message("m", "Hi"));
    expect(read([started(ls), between, completed(lsDone)])).toBe(
      "\n$ ls -a\n\nHi\n\n$ ls -a\n  a\n  b\n  exit 0 · 12 ms\n",
    );
  });

  it("report another directory, failure and refusal", () => {
    const failed = { ...ls, cwd: "/tmp", status: "failed", exitCode: 3, durationMs: 61_000 };
    expect(item(failed)).toBe("\n$ ls -a  (in /tmp)\n  exit 3 · 1 min 1 s\n");
    expect(item({ ...ls, status: "declined" })).toBe("\n$ ls -a\n  declined\n");
  });

  it("lose the middle of a long output, and the tail of a long line", () => {
    const output = Array.from({ length: 100 }, (_, index) => `line ${index}`).join("\n");
    const shown = item({ ...lsDone, aggregatedOutput: output });
    expect(shown).toContain("  line 9\n  … 81 lines omitted …\n  line 91\n");
    expect(shown.split("\n").length).toBeLessThan(26);
    expect(item({ ...lsDone, aggregatedOutput: "x".repeat(500) })).toContain(
      "x… (100 more characters)",
    );
  });

  it("lose the middle of an output that is too long to keep", () => {
    const output = "0123456789".repeat(10_000);
    const shown = item({ ...lsDone, aggregatedOutput: output });
    expect(shown).toContain(`… ${100_000 - 64 * 1024} characters omitted …`);
  });

  it("show the last state of a line that overwrites itself", () => {
    expect(item({ ...lsDone, aggregatedOutput: "10%\r20%\r30%\nend\r\n" })).toContain(
      "  30%\n  end\n",
    );
  });

  it.each([
    [`/bin/bash -lc "echo 'a'"`, "echo 'a'"],
    [`/bin/zsh -c "echo \\"it's\\" "'$HOME'`, `echo "it's" $HOME`],
    ["bash -lc ls", "ls"],
    ["git status", "git status"],
    ["node -c 'x'", "node -c 'x'"],
    ["./bash -c ls", "./bash -c ls"],
    ["/tmp/bin/bash -lc ls", "/tmp/bin/bash -lc ls"],
    ["bash -c ls x", "bash -c ls x"],
    ["bash -lc 'rm x #\rls\u200b\n\u3164'", "rm x #\\rls\\u{200b}\n  \\u{3164}"],
  ])("%s is shown as %s", (command, shown) => {
    expect(read([started({ ...ls, command })])).toBe(`\n$ ${shown}\n`);
  });
});

it("shows a file change once, however its patch grows", () => {
  const change = (diff: string) => [{ path: "/project/a", kind: { type: "add" }, diff }];
  const patch = { type: "fileChange", id: "f", changes: change("one\n"), status: "inProgress" };
  const grown: Message = [
    "item/fileChange/patchUpdated",
    { itemId: "f", changes: change("one\ntwo\n") },
  ];
  expect(read([started(patch), grown, completed({ ...patch, status: "completed" })])).toBe(
    "\nAdd a (+1 -0)\n  +one\n",
  );
});

it("shows file changes with their diff", () => {
  const changes = [
    { path: "/project/new.txt", kind: { type: "add" }, diff: "one\ntwo\n" },
    { path: "/elsewhere/old.txt", kind: { type: "delete" }, diff: "bye\n" },
    {
      path: "/project/a.ts",
      kind: { type: "update", move_path: null },
      diff: "@@ -1 +1 @@\n-a\n+b\n",
    },
    { path: "/project/a.ts", kind: { type: "update", move_path: "/project/b.ts" }, diff: "" },
  ];
  const shown = [
    "",
    "Add new.txt (+2 -0)",
    "  +one",
    "  +two",
    "Delete /elsewhere/old.txt (+0 -1)",
    "  -bye",
    "Edit a.ts (+1 -1)",
    "  @@ -1 +1 @@",
    "  -a",
    "  +b",
    "Move a.ts to b.ts (+0 -0)",
    "",
  ].join("\n");
  expect(item({ type: "fileChange", id: "f", changes, status: "completed" })).toBe(shown);
  expect(item({ type: "fileChange", id: "f", changes, status: "declined" })).toBe(
    `${shown}  declined\n`,
  );
});

describe("other items", () => {
  it.each([
    [
      {
        type: "mcpToolCall",
        server: "docs",
        tool: "find",
        arguments: { q: 1 },
        status: "completed",
        result: { content: [{ type: "text", text: "found" }, { type: "image" }] },
        error: null,
        durationMs: 5,
      },
      '\ndocs.find({"q":1})\n  found\n  [image]\n  completed · 5 ms\n',
    ],
    [
      {
        type: "mcpToolCall",
        server: "docs",
        tool: "find",
        arguments: {},
        status: "failed",
        result: null,
        error: { message: "no luck" },
        durationMs: null,
      },
      "\ndocs.find({})\n  no luck\n  failed\n",
    ],
    [
      {
        type: "dynamicToolCall",
        namespace: null,
        tool: "add",
        arguments: [1],
        status: "completed",
        contentItems: [{ type: "inputText", text: "2" }],
        durationMs: 1500,
      },
      "\nadd([1])\n  2\n  completed · 1.5 s\n",
    ],
    [{ type: "webSearch", query: "codex", action: { type: "search" } }, "\nWeb search: codex\n"],
    [
      { type: "webSearch", query: "", action: { type: "openPage", url: "http://x" } },
      "\nWeb search: http://x\n",
    ],
    [{ type: "reasoning", summary: ["One.", "Two."], content: [] }, "\nOne.\n\nTwo.\n"],
    [{ type: "reasoning", summary: [], content: ["secret"] }, ""],
    [{ type: "imageView", path: "/a.png" }, "\nImage: /a.png\n"],
    [{ type: "imageGeneration", savedPath: "/b.png" }, "\nNew image: /b.png\n"],
    [{ type: "enteredReviewMode", review: "changes" }, "\nReview: changes\n"],
    [{ type: "exitedReviewMode", review: "fine" }, ""],
    [
      { type: "subAgentActivity", kind: "started", agentThreadId: "t", agentPath: "/root/helper" },
      "\nSub-agent: started /root/helper\n",
    ],
    [{ type: "sleep", durationMs: 1500 }, "\nNotice: Sleeps for 1.5 s\n"],
    [{ type: "hookPrompt", fragments: [{ text: "be brief" }] }, "\nHook: be brief\n"],
    [{ type: "contextCompaction" }, "\nThe thread's history was compacted.\n"],
    [{ type: "userMessage", content: [] }, ""],
    [{ type: "teleport", startedAtMs: 1, to: "the\nmoon" }, '\nteleport: {"to":"the\\nmoon"}\n'],
  ])("%j", (fields, shown) => {
    expect(read([started({ id: "i", ...fields }), completed({ id: "i", ...fields })])).toBe(shown);
  });

  it("dims reasoning if there are colours", () => {
    const reasoning = completed({ type: "reasoning", id: "r", summary: ["Hm."], content: [] });
    expect(read([reasoning], coloured)).toBe("\n\u001b[2mHm.\u001b[22m\n");
  });
});

it("shows plans and retries", () => {
  const plan = [
    { step: "look", status: "completed" },
    { step: "do", status: "inProgress" },
    { step: "tell", status: "pending" },
  ];
  expect(read([["turn/plan/updated", { explanation: "Why", plan }]])).toBe(
    "\nPlan\n  Why\n  ✓ look\n  → do\n  · tell\n",
  );
  const error = { message: "Reconnecting... 1/2", additionalDetails: "busy" };
  expect(read([["error", { error, willRetry: true }]])).toBe("\nReconnecting... 1/2 (busy)\n");
  expect(read([["error", { error, willRetry: false }]])).toBe("");
});

describe("the end", () => {
  const usage = (input: number, cached: number, output: number) => ({
    inputTokens: input,
    cachedInputTokens: cached,
    outputTokens: output,
  });
  const used = (total: object, last: object): Message => [
    "thread/tokenUsage/updated",
    { tokenUsage: { total, last } },
  ];
  const end = (status: string, error: object | null = null): Message => [
    "turn/completed",
    { turn: { status, error, durationMs: 2300 } },
  ];

  it("reports the tokens of this turn alone, and the time", () => {
    const first = used(usage(1500, 200, 30), usage(1000, 100, 20));
    const second = used(usage(3500, 1100, 80), usage(2000, 900, 50));
    expect(read([first, first, second, end("completed")])).toBe(
      "\n3,070 tokens: 3,000 in (1,000 cached), 70 out · 2.3 s\n",
    );
    expect(read([end("completed")])).toBe("\n2.3 s\n");
  });

  it("reports why a turn failed, or that it was interrupted", () => {
    const error = {
      message: "No.",
      codexErrorInfo: { httpConnectionFailed: {} },
      additionalDetails: "more",
    };
    expect(read([end("failed", error)])).toBe(
      "\nThe turn failed: No. (httpConnectionFailed)\n  more\n2.3 s\n",
    );
    expect(read([end("interrupted")])).toBe("\nInterrupted.\n2.3 s\n");
  });
});

it("ignores unknown notifications, and reports what is running", () => {
  const transcript = new Transcript("/project", plain);
  const show = ([method, params]: Message) => transcript.accept({ method, params } as Notification);
  expect(show(["thread/teleported", {}])).toEqual([]);
  expect(transcript.activity).toBe("Working");
  show(started(ls));
  expect(transcript.activity).toBe("Running ls -a");
  show(completed(lsDone));
  expect(transcript.activity).toBe("Working");
});
