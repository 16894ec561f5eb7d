import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { commandLine } from "../../support/command-line.ts";

const { place, run, leftBehind } = commandLine();

const prompt = "List the files here and say what this project is";

describe("without credentials", () => {
  it("fails, because no one would notice that the replies are scripted", async () => {
    const { stdout, stderr, code } = await run(["hi"]);
    expect(stderr).toMatch(/^codex-app-server: no Codex login or API key was found\./);
    expect(stderr).toContain("npx @openai/codex login");
    expect(stderr).toContain("--scripted");
    expect([stdout, code]).toEqual(["", 1]);
    expect(JSON.parse((await run(["--json", "hi"])).stdout)).toEqual({
      type: "error",
      code: "LOGIN_MISSING",
      message: expect.stringContaining("no Codex login"),
    });
  });
});

describe("--scripted", () => {
  it("runs the agent loop on the project with a scripted model", async () => {
    const { stdout, stderr, code } = await run(["--scripted", prompt]);
    expect(stdout).toBe(
      [
        "I'll look at the files here first.",
        "There is one entry here: README.md.",
        "The project is Kettle.",
        "Its README.md says: It boils water.",
        "(Source: README.md.)\n",
      ].join("\n\n"),
    );
    expect(stderr).toMatch(/^The replies come from a script; everything else is real\.\n/);
    expect(stderr).toMatch(/\n\$ ls\n {2}README\.md\n {2}exit 0 · [\d.]+ m?s\n/);
    expect(stderr).toMatch(
      /\n\$ cat README\.md\n {2}# Kettle\n {2}\n {2}It boils water\.\n {2}exit 0/,
    );
    expect(stderr).toMatch(/\n\d+ tokens: \d+ in, \d+ out · [\d.]+ m?s\n$/);
    expect(code).toBe(0);
    expect(leftBehind()).toEqual([]);
  });

  it("takes the prompt from stdin, and answers another one", async () => {
    const { stdout, code } = await run(["--scripted"], { stdin: "Good morning!\n" });
    expect(stdout).toMatch(/^You said: Good morning!\n\nI am a script/);
    expect(code).toBe(0);
  });

  it("declines to write a file if there is no user to ask", async () => {
    const { stdout, stderr, code } = await run(["--scripted", "write a file notes.txt"]);
    expect(stderr).toMatch(
      /\nAdd notes\.txt \(\+1 -0\)\n {2}\+Written by .*\n {2}Declined: there is no terminal to ask on: .*notes\.txt\n {2}declined\n/,
    );
    expect(stdout).toContain("I didn't write notes.txt: patch rejected by user");
    expect(readdirSync(place.project)).toEqual(["README.md"]);
    expect(code).toBe(0);
  });

  it("writes a file where it is allowed to, and doesn't overwrite an existing one", async () => {
    const args = ["--scripted", "--sandbox", "danger-full-access", "write a file notes.txt"];
    expect((await run(args)).stdout).toContain("I wrote notes.txt.");
    const file = path.join(place.project, "notes.txt");
    expect(await readFile(file, "utf8")).toBe(
      "Written by the scripted model of codex-app-server.\n",
    );
    expect((await run(args)).stdout).toContain("notes.txt already exists");
  });
});
