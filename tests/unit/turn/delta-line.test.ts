import { describe, expect, it } from "vitest";
import { DeltaForm } from "../../../src/turn/delta-line.ts";

const HEAD =
  '{"method":"item/agentMessage/delta","params":{"threadId":"t1","turnId":"u1","itemId":"m1","delta":"';

function read(line: string) {
  const form = DeltaForm.of(line);
  return form?.begins(line) ? form.read(line)?.notification() : undefined;
}

describe("the line of a delta", () => {
  it.each([
    `${HEAD}hello"},"emittedAtMs":1700000000000}`,
    `${HEAD}hello"}}`,
    `${HEAD}"}}`,
    `${HEAD}\\n\\u00e9 \\"}}\\" é 😀"},"emittedAtMs":1700000000000}`,
    HEAD.replace("item/agentMessage/delta", "item/commandExecution/outputDelta").concat('x"}}'),
  ])("reads the same as parsing: %s", (line) => {
    expect(read(line)).toEqual(JSON.parse(line));
    expect(DeltaForm.of(line)?.threadId).toBe("t1");
  });

  it.each([
    ["whose text does not end", `${HEAD}}}`],
    ["whose text does not end before its time", `${HEAD}},"emittedAtMs":1700000000000}`],
    ["whose text ends in an escaped quote", `${HEAD}x\\"}}`],
    ["with a wrong escape", `${HEAD}\\x"}}`],
    ["with a control character", `${HEAD}\u0007"}}`],
    ["with a quote in its text", `${HEAD}a"b"}}`],
    ["that continues after its end", `${HEAD}x"}} `],
    ["with a further member", `${HEAD}x","other":"y"}}`],
    ["with a time that isn't JSON", `${HEAD}x"},"emittedAtMs":0700000000000}`],
    ["with a time of another length", `${HEAD}x"},"emittedAtMs":17}`],
    ["of no method with deltas", HEAD.replace("/delta", "/other").concat('x"}}')],
    ["whose item is no plain string", HEAD.replace("m1", 'm\\"1').concat('x"}}')],
    ["whose members stand in another order", '{"params":{},"method":"item/agentMessage/delta"}'],
  ])("isn't read if it is one %s", (_what, line) => {
    expect(read(line)).toBeUndefined();
  });
});
