import { expect, it } from "vitest";
import {
  diffSection,
  hasHiddenCharacters,
  jsonSection,
  reasonSection,
  textSection,
} from "../../../src/requests/sections.ts";

const ORDINARY = ["ls -la", "printf 'a\\tb\\u{41}\\\\'", "a\n\tb", "été 日本"];
const HIDDEN = ["a\rb", "a\u001b[2Kb", "a\u200bb", "\\\u202eb", "a\u00adb"];

it("finds the characters that are shown as escapes", () => {
  for (const text of ORDINARY) {
    expect(hasHiddenCharacters(textSection("subject", "Command", text)), text).toBe(false);
    expect(hasHiddenCharacters(jsonSection("subject", "Arguments", { text })), text).toBe(false);
  }
  for (const text of HIDDEN) {
    expect(hasHiddenCharacters(textSection("subject", "Command", text)), text).toBe(true);
    expect(hasHiddenCharacters(diffSection(text, "+a")), text).toBe(true);
    expect(hasHiddenCharacters(jsonSection("subject", "Arguments", { text })), text).toBe(true);
  }
});

it("ignores the line breaks of Windows, and the agent's reason", () => {
  expect(hasHiddenCharacters(diffSection("a.txt", "+a\r\n+b\r"))).toBe(false);
  const [reason] = reasonSection("Reason given", "a\rb");
  expect(reason && hasHiddenCharacters(reason)).toBe(false);
});
