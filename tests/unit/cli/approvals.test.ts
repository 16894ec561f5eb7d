import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { askedApprovals, type Desk } from "../../../src/cli/approvals.ts";
import { Output, type Sink } from "../../../src/cli/output.ts";
import { askedQuestions } from "../../../src/cli/questions.ts";
import { Terminal } from "../../../src/cli/terminal.ts";
import { plain } from "../../../src/cli/text.ts";
import { Transcript } from "../../../src/cli/transcript.ts";
import type { ThreadItem } from "../../../src/index.ts";

const command = { command: "/bin/bash -lc 'rm x'", cwd: "/project", reason: "It is old" };
const change = {
  type: "fileChange",
  id: "i1",
  status: "inProgress",
  changes: [{ path: "/project/x", kind: { type: "add" }, diff: "hello\n" }],
} as unknown as ThreadItem;
const permissions = { permissions: { network: { enabled: true }, fileSystem: null }, reason: null };
const granted = { network: { enabled: true } };

type Asked = (params: unknown, context: object) => Promise<unknown>;

/** A screen that can be read, and a user who types the next line whenever a question waits. */
function desk(
  lines: readonly string[] | undefined,
  { trustedReason, isTTY = false }: { trustedReason?: string; isTTY?: boolean } = {},
) {
  const screen: Sink = Object.assign(new PassThrough(), { isTTY });
  const keyboard = new PassThrough();
  const typed = [...(lines ?? [])];
  let shown = "";
  screen.on("data", (chunk) => {
    shown += chunk;
    const line = /: $/.test(String(chunk)) ? typed.shift() : undefined;
    if (line !== undefined) keyboard.write(`${line}\n`);
  });
  const output = new Output(screen, screen, { spinner: false });
  const transcript = new Transcript("/project", plain);
  const desk: Desk = {
    terminal: lines && new Terminal({ input: keyboard, screen, output, onInterrupt() {} }),
    paint: plain,
    begin: (item) => transcript.begin(item),
    show: (pieces) => output.show(pieces),
  };
  const rules = askedApprovals(desk, trustedReason) as Readonly<Record<string, Asked>>;
  const signal = new AbortController();
  const ask = (kind: string, params: object, item?: ThreadItem) =>
    rules[kind]?.(params, { method: kind, item, signal: signal.signal });
  const questions = askedQuestions(desk) as Asked;
  return { ask, questions, signal, keyboard, output, shown: () => shown };
}

const choices = "[y]es, [n]o, [a]lways in this session: ";

describe("on a terminal", () => {
  it.each([
    ["command", command, ["y"], "accept"],
    ["command", command, ["No"], "decline"],
    ["command", command, ["", "what?", "a"], "acceptForSession"],
    ["fileChange", {}, ["yes"], "accept"],
    ["fileChange", {}, ["a"], "acceptForSession"],
    ["permissions", permissions, ["y"], "accept"],
    ["permissions", permissions, ["a"], { permissions: granted, scope: "session" }],
    ["permissions", permissions, ["n"], "decline"],
    ["mcpTool", { serverName: "docs" }, ["y"], "accept"],
    ["mcpTool", { message: "Call?" }, ["a", "n"], "decline"],
  ])("%s %j, answered %j", async (kind, params, lines, decision) => {
    const { ask } = desk(lines);
    expect(await ask(kind, params)).toEqual(decision);
  });

  it("shows a command, where it runs and why", async () => {
    const { ask, shown } = desk(["y"]);
    await ask("command", command);
    expect(shown()).toBe(
      `  $ rm x\n  in /project\n  reason: It is old\nRun this command? ${choices}`,
    );
  });

  it("shows the diff of a change, once", async () => {
    const { ask, shown } = desk(["y", "y"]);
    await ask("fileChange", {}, change);
    await ask("fileChange", {}, change);
    const question = `Make this change? ${choices}`;
    expect(shown()).toBe(`Add x (+1 -0)\n  +hello\n${question}${question}`);
  });

  it("asks after what came before it was shown", async () => {
    const { ask, output, shown } = desk(["y"]);
    const asked = ask("command", command);
    await Promise.resolve();
    output.show([{ to: "log", text: "before\n", block: false }]);
    await asked;
    expect(shown()).toMatch(/^before\n/);
  });

  it("asks one thing at a time, and keeps the rest back", async () => {
    const { ask, output, keyboard, shown } = desk([]);
    const first = ask("command", { ...command, command: "one" });
    const second = ask("command", { ...command, command: "two" });
    await expect.poll(shown).toContain("Run this command?");
    output.show([{ to: "log", text: "meanwhile\n", block: false }]);
    expect(shown()).not.toMatch(/two|meanwhile/);
    keyboard.write("y\n");
    expect(await first).toBe("accept");
    await expect.poll(shown).toMatch(/meanwhile[\s\S]*two[\s\S]*Run/);
    keyboard.write("n\n");
    expect(await second).toBe("decline");
  });

  it("declines what is withdrawn while it is asked, and what the keyboard's end leaves open", async () => {
    const withdrawn = desk([]);
    const asked = withdrawn.ask("command", command);
    await expect.poll(withdrawn.shown).toContain("Run this command?");
    withdrawn.signal.abort();
    expect(await asked).toBe("decline");
    expect(await withdrawn.ask("command", command)).toBe("decline");

    const ended = desk([]);
    ended.keyboard.end();
    expect(await ended.ask("command", command)).toBe("decline");
  });
});

describe("without a terminal", () => {
  it("declines, and says so", async () => {
    const { ask, shown } = desk(undefined);
    expect(await ask("command", command)).toBe("decline");
    expect(await ask("fileChange", {}, change)).toBe("decline");
    expect(shown()).toBe(
      "  Declined, as there is no terminal to ask on: rm x\n" +
        "\nAdd x (+1 -0)\n  +hello\n  Declined, as there is no terminal to ask on\n",
    );
  });

  it("accepts commands that are asked for with the trusted reason, and no others", async () => {
    const { ask, shown } = desk(undefined, { trustedReason: "trusted" });
    expect(await ask("command", { ...command, reason: "trusted" })).toBe("accept");
    expect(shown()).toBe("  Allowed: trusted\n");
    expect(await ask("command", command)).toBe("decline");
    expect(await ask("command", { ...command, reason: null })).toBe("decline");
  });
});

describe("the agent's questions", () => {
  const options = [
    { label: "Red", description: "warm" },
    { label: "Blue", description: "" },
  ];
  const questions = [
    { id: "colour", question: "Which colour?", isSecret: false, options },
    { id: "name", question: "Which name?", isSecret: false, options: null },
    { id: "more", question: "More?", isSecret: false, options },
  ];

  it("are answered by number or in words", async () => {
    const talk = desk(["2", "Ann", ""]);
    const { signal } = talk.signal;
    expect(await talk.questions({ questions }, { signal })).toEqual({
      answers: { colour: { answers: ["Blue"] }, name: { answers: ["Ann"] }, more: { answers: [] } },
    });
    expect(talk.shown()).toContain("Which colour?\n  1. Red - warm\n  2. Blue\n");
  });

  it("keep a secret off the screen", async () => {
    const talk = desk(["hunter2"], { isTTY: true });
    const secret = { id: "key", question: "The key?", isSecret: true, options: null };
    const { signal } = talk.signal;
    expect(await talk.questions({ questions: [secret] }, { signal })).toEqual({
      answers: { key: { answers: ["hunter2"] } },
    });
    expect(talk.shown()).not.toContain("hunter2");
  });

  it("get no answers where there is no terminal", async () => {
    const talk = desk(undefined);
    expect(await talk.questions({ questions }, {})).toEqual({ answers: {} });
    expect(talk.shown()).toBe(
      "Not answered, as there is no terminal to ask on: Which colour? Which name? More?\n",
    );
  });
});
