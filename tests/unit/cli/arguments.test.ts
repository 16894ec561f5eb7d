import path from "node:path";
import { describe, expect, it } from "vitest";
import { parseArguments, UsageError } from "../../../src/cli/arguments.ts";

const here = path.resolve(".");

describe("parseArguments", () => {
  it("has defaults for all but the prompt", () => {
    expect(parseArguments(["List", "the files"])).toEqual({
      prompt: "List the files",
      model: undefined,
      cwd: here,
      sandbox: undefined,
      approvalPolicy: undefined,
      images: [],
      resume: undefined,
      json: false,
    });
  });

  it("reads every option, before and after the prompt", () => {
    const argv =
      "-m gpt-x --cwd src hi --sandbox read-only --approval-policy never --resume t1 --json";
    const images = ["--image", "package.json", "-i", "tsconfig.json"];
    expect(parseArguments([...argv.split(" "), ...images])).toEqual({
      prompt: "hi",
      model: "gpt-x",
      cwd: path.join(here, "src"),
      sandbox: "read-only",
      approvalPolicy: "never",
      images: [path.join(here, "package.json"), path.join(here, "tsconfig.json")],
      resume: "t1",
      json: true,
    });
  });

  it.each([[[]], [["-"]], [[""]]])("leaves the prompt to stdin for %j", (argv) => {
    expect(parseArguments(argv)).toMatchObject({ prompt: undefined });
  });

  it.each([
    [["--help", "--json"], "help"],
    [["--version"], "version"],
  ])("%j asks for the %s", (argv, what) => {
    expect(parseArguments(argv)).toBe(what);
  });

  it.each([
    [["--colour"], "Unknown option '--colour'"],
    [["--model"], "'-m, --model <value>' argument missing"],
    [["--json=yes"], "'--json' does not take an argument"],
    [["--model="], "--model needs a value, not an empty one"],
    [["--resume="], "--resume needs a value, not an empty one"],
    [
      ["--sandbox", "none"],
      '--sandbox must be read-only, workspace-write, danger-full-access; not "none"',
    ],
    [["--approval-policy", "x"], '--approval-policy must be untrusted, on-request, never; not "x"'],
    [["--cwd", "no-such"], '--cwd: "no-such" does not exist'],
    [["--cwd", "package.json"], '--cwd: "package.json" is not a directory'],
    [["--image", "no-such.png"], '--image: "no-such.png" does not exist'],
    [["--image", "src"], '--image: "src" is not a file'],
  ])("%j is wrong usage", (argv, message) => {
    const parse = () => parseArguments([...argv, ...(argv[0] === "--model" ? [] : ["hi"])]);
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(message);
  });
});
