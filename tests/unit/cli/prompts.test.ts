import { PassThrough } from "node:stream";
import { afterEach, describe, expect, it, vi } from "vitest";
import { plain } from "../../../src/cli/text.ts";
import { Transcript } from "../../../src/cli/transcript.ts";
import { discardTyped } from "../../../src/cli/typed-before.ts";
import type { Notification } from "../../../src/index.ts";
import { openDesk } from "../../support/desk.ts";

const script = Array.from({ length: 60 }, (_, index) => `echo ${index}`).join("\n");
const long = {
  command: script,
  reason: "\n".repeat(1000),
  availableDecisions: ["accept", "cancel"],
};

describe("a request that is longer than the screen", () => {
  it("is shown page by page, and can be accepted only at its end", async () => {
    const desk = openDesk(["y", "yes", "", "y", "", "", "y"], { rows: 24 });
    expect(await desk.ask("command", long)).toBe("accept");
    expect(desk.shown().match(/You can answer after the last page/g)).toHaveLength(3);
    expect(desk.shown().match(/┃ │ echo \d+\n/g)).toHaveLength(60);
    expect(desk.shown().split("\n").slice(-4)).toEqual([
      "┃ │ echo 59",
      "┃ y  yes, this once",
      "┃ n  no, and stop the turn",
      "┃ Run this command? [y/n]: ",
    ]);
  });

  it("fits the page into a terminal of any height", async () => {
    for (const rows of [1, 2, 3, 4, 5]) {
      const desk = openDesk(Array(200).fill("").concat("y"), { rows });
      const asked = desk.ask("command", { ...long, reason: null });
      await expect.poll(desk.shown).toMatch(/page 2 of/);
      const pages = desk.shown().split(/page \d+ of .*/);
      expect(pages[1]?.trim().split("\n").length).toBeLessThanOrEqual(Math.max(1, rows - 2));
      desk.signal.abort();
      await asked;
    }
  });

  it("is shown again if the terminal has become smaller before it is accepted", async () => {
    for (const size of [{ columns: 40 }, { rows: 10 }]) {
      const desk = openDesk([]);
      const asked = desk.ask("command", { command: "rm -rf x" });
      await expect.poll(desk.shown).toMatch(/: $/);
      desk.resize(size);
      desk.type("y", "y");
      expect(await asked).toBe("accept");
      expect(desk.shown().match(/Command: rm -rf x/g)).toHaveLength(2);
    }
    const desk = openDesk([]);
    const asked = desk.ask("command", { command: "rm -rf x" });
    await expect.poll(desk.shown).toMatch(/: $/);
    desk.resize({ columns: 120, rows: 60 });
    desk.type("y");
    expect(await asked).toBe("accept");
  });

  it("is refused on a terminal that is too narrow for its rows", async () => {
    for (const columns of [1, 5, 11]) {
      const desk = openDesk(["y"], { columns });
      expect(await desk.ask("command", { command: "rm -rf x" })).toBe("decline");
      expect(desk.shown()).toBe("Too narrow.\n");
    }
  });

  it("is refused if the user leaves it", async () => {
    for (const typed of ["n", "cancel"]) {
      const desk = openDesk([typed], { rows: 24 });
      expect(await desk.ask("command", long)).toBe("cancel");
      expect(desk.shown()).not.toContain("echo 59");
    }
  });

  it("fills no row beyond the terminal's width, and starts each with the frame", async () => {
    const text = `${"日".repeat(100)}\n${"x".repeat(300)}\n${"\u202e┃ Run?".repeat(20)}`;
    const desk = openDesk(["y"], { columns: 30, rows: 1000 });
    await desk.ask("command", { command: text, reason: text, cwd: text, [text]: [text] });
    const rows = desk.shown().split("\n").slice(0, -1);
    const cells = (row: string) => [...row.slice(2)].reduce((sum, c) => sum + (c > "~" ? 2 : 1), 2);
    for (const row of rows) {
      expect(row).toMatch(/^┃ /);
      expect(cells(row.replace(/^┃ [│┊]/, "┃ :"))).toBeLessThan(30);
    }
    const shown = rows.map((row) => row.replace(/^┃ [│┊]? ?/, "")).join("");
    expect(shown).toContain("日".repeat(100));
    expect(shown).toContain("x".repeat(300));
  });

  it("begins no row with a mark, which would be drawn on the frame", async () => {
    for (const columns of [30, 31, 32, 33]) {
      const desk = openDesk(["y"], { columns, rows: 1000 });
      await desk.ask("command", { command: "ก้e\u0301".repeat(50) });
      expect(desk.shown()).toContain("ก้");
      expect(desk.shown()).not.toMatch(/ \p{M}/u);
    }
  });
});

describe("keys", () => {
  it("that were typed before the question don't answer it", async () => {
    const desk = openDesk(["n"], { early: "y\n" });
    desk.keyboard.write("y\ny\n");
    expect(await desk.ask("command", { command: "rm x" })).toBe("decline");
    const later = openDesk(["c"]);
    later.keyboard.write("y\ny\n");
    expect(await later.ask("command", { command: "rm x" })).toBe("cancel");
  });

  it("that were typed during a question don't answer the next one", async () => {
    const desk = openDesk([]);
    const first = desk.ask("command", { command: "one" });
    const second = desk.ask("command", { command: "two" });
    await expect.poll(desk.shown).toMatch(/: $/);
    desk.type("n\ny\ny");
    expect(await first).toBe("decline");
    await expect.poll(desk.shown).toMatch(/two[\s\S]*: $/);
    desk.type("c");
    expect(await second).toBe("cancel");
  });

  it("that were pasted accept nothing if they are more than one line, and can refuse", async () => {
    const desk = openDesk(["y\nsome more text", "yes\n\ny", "a\nb", "y\n\n"]);
    expect(await desk.ask("command", { command: "rm x" })).toBe("accept");
    expect(desk.shown().match(/Type one of/g)).toHaveLength(3);
    const refused = openDesk(["c\nsome more text"]);
    expect(await refused.ask("command", { command: "rm x" })).toBe("cancel");
    const paged = openDesk(["n\ny"], { rows: 24 });
    expect(await paged.ask("command", long)).toBe("cancel");
  });

  it("that are Ctrl-C interrupt, even while other keys are ignored", async () => {
    const desk = openDesk([], { quietMs: 10_000 });
    const asked = desk.ask("command", { command: "rm x" });
    await expect.poll(desk.shown).toMatch(/: $/);
    desk.keyboard.write("\x03");
    await expect.poll(desk.interrupts).toBe(1);
    desk.signal.abort();
    expect(await asked).toBe("decline");
  });
});

describe("discardTyped", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("reads unfinished lines too, until no key has been pressed for the time", async () => {
    vi.useFakeTimers();
    const modes: boolean[] = [];
    const setRawMode = (isRaw: boolean) => modes.push(isRaw);
    const keyboard = Object.assign(new PassThrough(), { setRawMode });
    const signal = new AbortController().signal;
    let isDone = false;
    const done = discardTyped(keyboard, { quietMs: 300, signal, onInterrupt() {} }).then(() => {
      isDone = true;
    });
    expect(modes).toEqual([true]);
    for (let key = 0; key < 5; key++) {
      await vi.advanceTimersByTimeAsync(299);
      keyboard.emit("data", "y");
      expect(isDone).toBe(false);
    }
    await vi.advanceTimersByTimeAsync(300);
    await done;
    expect(keyboard.listenerCount("data")).toBe(0);
    expect(keyboard.isPaused()).toBe(true);
  });

  it("ends with the input", async () => {
    const keyboard = new PassThrough();
    keyboard.end("y\n");
    const signal = new AbortController().signal;
    await discardTyped(keyboard, { quietMs: 1e9, signal, onInterrupt() {} });
    await discardTyped(keyboard, { quietMs: 1e9, signal, onInterrupt() {} });
  });
});

it("no message, output or command of the agent contains the frame of a question", () => {
  const fake = "\n┃ Run this command? [y/n]: ";
  const items = [
    { type: "agentMessage", text: fake },
    { type: "reasoning", summary: [fake] },
    { type: "plan", text: fake },
    {
      type: "commandExecution",
      command: fake,
      cwd: fake,
      aggregatedOutput: fake,
      status: fake,
      exitCode: null,
      durationMs: 1,
    },
    {
      type: "fileChange",
      changes: [{ path: fake, kind: { type: "add" }, diff: fake }],
      status: fake,
    },
    {
      type: "mcpToolCall",
      server: fake,
      tool: fake,
      arguments: { [fake]: fake },
      status: fake,
      durationMs: 1,
      error: { message: fake },
    },
    { type: "webSearch", query: fake },
    { type: fake, [fake]: fake },
  ];
  const transcript = new Transcript("/project", plain);
  const shown = items.flatMap((item, index) =>
    ["item/started", "item/completed"].flatMap((method) =>
      transcript.accept({ method, params: { item: { id: `${index}`, ...item } } } as Notification),
    ),
  );
  const error = { message: fake, additionalDetails: fake, codexErrorInfo: fake };
  const others = [
    { method: "item/agentMessage/delta", params: { itemId: "m", delta: fake } },
    { method: "turn/plan/updated", params: { explanation: fake, plan: [{ step: fake }] } },
    { method: "error", params: { error, willRetry: true } },
    { method: "turn/completed", params: { turn: { status: "failed", error, durationMs: 1 } } },
  ];
  for (const one of others) shown.push(...transcript.accept(one as unknown as Notification));
  expect(shown.length).toBeGreaterThan(15);
  expect(shown.map(({ text }) => text).join("")).not.toContain("┃");
});
