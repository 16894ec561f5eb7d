import { describe, expect, it } from "vitest";
import { helpText } from "../../../src/cli/help.ts";

describe("helpText", () => {
  it.each([34, 40, 64, 80, 200])("breaks no word, with %d columns", (columns) => {
    const width = Math.min(columns, 80);
    const lines = helpText(columns).split("\n").slice(2);
    const tooLong = lines.filter((line) => line.length > width && / /.test(line.trim()));
    expect(tooLong).toEqual([]);
  });

  it("has the same text on every screen", () => {
    const words = (text: string) => text.split(/\s+/).join(" ");
    expect(words(helpText(30))).toBe(words(helpText(80)));
    expect(helpText()).toBe(helpText(80));
  });

  it("puts the meaning of an option next to it, or below a long one", () => {
    expect(helpText(80)).toContain("\n  -h, --help                Print this help\n");
    expect(helpText(80)).toMatch(/\n {2}-a, --ask-for-approval POLICY\n {28}When /);
    expect(helpText(40)).toContain("\n  -h, --help\n      Print this help\n");
  });
});
