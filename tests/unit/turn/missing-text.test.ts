import { describe, expect, it } from "vitest";
import { missingText } from "../../../src/turn/missing-text.ts";

const output = (text: string) => ({ method: "item/commandExecution/outputDelta", text });
const message = (text: string) => ({ method: "item/agentMessage/delta", text });

function lines(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, index) => `line ${from + index}\n`).join("");
}

const OMITTED = "\n... output omitted ...\n";

describe("the missing part of a text", () => {
  it.each([
    ["all of it", message("abc"), "", "abc"],
    ["its end", message("abc"), "ab", "c"],
    ["nothing", message("abc"), "abc", ""],
    ["unknown for one that begins differently", message("abc"), "b", undefined],
    ["unknown for one that is shorter", message("ab"), "abc", undefined],
  ])("is %s", (_what, whole, delivered, missing) => {
    expect(missingText(whole, delivered)).toBe(missing);
  });
});

describe("the missing part of a command's output", () => {
  const whole = lines(0, 1_000);

  it("is its end", () => {
    expect(missingText(output(whole), lines(0, 300))).toBe(lines(300, 1_000));
  });

  it("is the rest, if the server sent no delta for the beginning", () => {
    expect(missingText(output(whole), lines(3, 300))).toBe(lines(300, 1_000));
  });

  it("is unknown if the output contains nothing that was delivered", () => {
    expect(missingText(output(whole), "else")).toBeUndefined();
  });

  // As the server reports an output of more than 1 MiB, and as it lists one of more than 64 KiB.
  describe.each([
    "\n... 940319 bytes omitted ...\n",
    "\n... command output truncated for persistence ...\n",
  ])("that lacks its middle: %j", (mark) => {
    const cut = `${lines(0, 400)}${mark}${lines(600, 1_000)}`;

    it.each([
      ["all of it, with the server's mark", "", cut],
      [
        "what follows in the beginning",
        lines(0, 300),
        `${lines(300, 400)}${mark}${lines(600, 1_000)}`,
      ],
      [
        "the end after a mark, when the middle was delivered in part",
        lines(0, 500),
        `${OMITTED}${lines(600, 1_000)}`,
      ],
      ["what follows in the end", lines(0, 700), lines(700, 1_000)],
      ["nothing, when all was delivered", lines(0, 1_000), ""],
      ["the same where the beginning was not sent", lines(2, 700), lines(700, 1_000)],
    ])("is %s", (_what, delivered, missing) => {
      expect(missingText(output(cut), delivered)).toBe(missing);
    });
  });
});
