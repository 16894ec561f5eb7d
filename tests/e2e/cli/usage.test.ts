import { describe, expect, it } from "vitest";
import { commandLine } from "../../support/command-line.ts";

const { start, run } = commandLine();

describe("usage", () => {
  it.each([
    [["--help"], 0, /^Usage: codex-app-server/, /^$/],
    [["--version"], 0, /^\d+\.\d+\.\d+\n$/, /^$/],
    [["--colour", "hi"], 2, /^$/, /Unknown option '--colour'[\s\S]*--help/],
    [[], 2, /^$/, /the prompt on stdin is empty/],
    [["exec", "hi"], 2, /^$/, /"exec" is a codex command, not a prompt/],
    [["--json", "exec", "hi"], 2, /^\{"type":"error","code":"USAGE","message":".*"\}\n$/, /exec/],
  ])("%j", async (args, exitCode, out, err) => {
    const { stdout, stderr, code } = await run(args);
    expect([stdout, stderr, code]).toEqual([
      expect.stringMatching(out),
      expect.stringMatching(err),
      exitCode,
    ]);
  });

  it("stops reading an endless prompt on stdin", async () => {
    const { child, ended } = start(["-"]);
    const piece = "endless ".repeat(2 ** 13);
    child.stdin.on("error", () => {});
    const write = () => {
      while (child.stdin.writable && child.stdin.write(piece));
    };
    child.stdin.on("drain", write);
    write();
    const { stderr, code } = await ended;
    expect(stderr).toContain("the text on stdin is longer than 1048576 characters");
    expect(code).toBe(2);
  });
});
