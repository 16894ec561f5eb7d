import { expect, it } from "vitest";
import { lastWords } from "../../../src/process/last-words.ts";

it("omits the stack that follows a reason, and blank lines", () => {
  const stderr = [
    "one",
    "  indented words: 3",
    "Error: no such home",
    "",
    "Stack backtrace:",
    "   0: <unknown>",
    "  12: codex::main",
    "             at ./src/main.rs:10",
  ];
  expect(lastWords(stderr)).toEqual(["one", "  indented words: 3", "Error: no such home"]);
  expect(lastWords(stderr, 1)).toEqual(["Error: no such home"]);
});
