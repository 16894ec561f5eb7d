import path from "node:path";
import { describe, expect, it } from "vitest";
import { asksForJson, parseArguments } from "../../../src/cli/arguments.ts";
import { UsageError } from "../../../src/cli/usage-error.ts";

const here = path.resolve(".");
const id = "01a21621-4e32-7d93-95cc-a59aa325f11f";

describe("parseArguments", () => {
  it("has defaults for everything but the prompt", () => {
    expect(parseArguments(["List the files"])).toEqual({
      prompt: "List the files",
      model: undefined,
      cwd: here,
      sandbox: undefined,
      approvalPolicy: undefined,
      config: [],
      images: [],
      resume: undefined,
      outputSchema: undefined,
      outputFile: undefined,
      scripted: false,
      json: false,
    });
  });

  it("reads every option, before and after the prompt", () => {
    const argv = `-m gpt-x -C src hi --sandbox read-only -a never --resume ${id} --json`;
    const rest = [
      "--image",
      "package.json",
      "-i",
      "tsconfig.json",
      "-c",
      "a.b=1",
      "--config",
      "c=",
    ];
    const output = ["-o", "no-such.txt"];
    expect(parseArguments([...argv.split(" "), ...rest, ...output])).toEqual({
      prompt: "hi",
      model: "gpt-x",
      cwd: path.join(here, "src"),
      sandbox: "read-only",
      approvalPolicy: "never",
      config: ["a.b=1", "c="],
      images: [path.join(here, "package.json"), path.join(here, "tsconfig.json")],
      resume: { id },
      outputSchema: undefined,
      outputFile: path.join(here, "no-such.txt"),
      scripted: false,
      json: true,
    });
  });

  it.each([
    ["--cwd src --approval-policy never", { cwd: path.join(here, "src"), approvalPolicy: "never" }],
    ["--last", { resume: "last" }],
    ["--scripted", { scripted: true }],
  ])("takes %s", (argv, expected) => {
    expect(parseArguments([...argv.split(" "), "hi"])).toMatchObject(expected);
  });

  it.each([[[]], [["-"]], [[""]]])("leaves the prompt to stdin for %j", (argv) => {
    expect(parseArguments(argv)).toMatchObject({ prompt: undefined });
  });

  it.each([[["--", "login"]], [["--json", "--", "login"]]])(
    "takes any word after --: %j",
    (argv) => {
      expect(parseArguments(argv)).toMatchObject({ prompt: "login" });
    },
  );

  it.each([
    [["--help", "--json"], "help"],
    [["--version"], "version"],
    [["-V"], "version"],
  ])("%j asks for the %s", (argv, what) => {
    expect(parseArguments(argv)).toBe(what);
  });

  it.each([
    [["--colour", "hi"], "Unknown option '--colour'"],
    [["hi", "--model"], "'-m, --model <value>' argument missing"],
    [
      ["--model", "--json", "hi"],
      "--model needs a value; if the value starts with a dash, write --model=-x",
    ],
    [["--json=yes", "hi"], "'--json' does not take an argument"],
    [["--model=", "hi"], "--model needs a value, but got an empty one"],
    [["--resume=", "hi"], '--resume: "" isn\'t a thread id'],
    [["--resume", "t1", "hi"], '--resume: "t1" isn\'t a thread id'],
    [["--resume", id, "--last", "hi"], "use either --resume or --last, not both"],
    [["--last", "--scripted", "hi"], "--last can't be combined with --scripted"],
    [["exec", "hi"], '"exec" is a codex command, not a prompt: leave it out'],
    [["login"], '"login" is a codex command, not a prompt: run "npx @openai/codex login"'],
    [["say", "hi"], 'unexpected argument "hi": put the whole prompt in quotes'],
    [
      ["--sandbox", "x"],
      '--sandbox must be read-only, workspace-write or danger-full-access, not "x"',
    ],
    [["-a", "x"], '--ask-for-approval must be untrusted, on-request or never, not "x"'],
    [["-c", "model"], '--config: "model" isn\'t a setting: write key=value'],
    [["-c", "=1"], '--config: "=1" isn\'t a setting: write key=value'],
    [["--cd", "no-such"], '--cd: "no-such" doesn\'t exist'],
    [["--cd", "package.json"], '--cd: "package.json" isn\'t a directory'],
    [["--image", "no-such.png"], '--image: "no-such.png" doesn\'t exist'],
    [["--image", "src"], '--image: "src" isn\'t a file'],
    [["--output-schema", "README.md"], '--output-schema: "README.md" isn\'t JSON: '],
    [["--output-schema", "package.json"], '--output-schema: "package.json" can\'t be used: '],
    [["-o", "src"], '--output-last-message: "src" isn\'t a file'],
    [
      ["-o", "no-such/x"],
      '--output-last-message: "no-such/x" is in a directory that doesn\'t exist',
    ],
  ])("%j is wrong usage", (argv, message) => {
    const parse = () => parseArguments(argv);
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(message);
  });
});

it.each([
  [["--json", "--colour"], true],
  [["--", "--json"], false],
  [["hi"], false],
])("asksForJson: %j", (argv, expected) => {
  expect(asksForJson(argv)).toBe(expected);
});
