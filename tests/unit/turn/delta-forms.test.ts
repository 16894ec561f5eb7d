import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { DeltaForms } from "../../../src/turn/delta-forms.ts";
import { DeltaForm } from "../../../src/turn/delta-line.ts";

const METHODS = ["item/agentMessage/delta", "item/commandExecution/outputDelta", "item/plan/delta"];

function lineOf(method: string, threadId: string, itemId: string, delta: string): string {
  const params = { threadId, turnId: `turn of ${threadId}`, itemId, delta };
  return JSON.stringify({ method, params, emittedAtMs: 1_700_000_000_000 });
}

/** Ids of one length, of others, and of different threads that end in the same characters. */
const threadId = fc.oneof(
  fc.nat({ max: 40 }).map((count) => `01a21561-e3b8-7b31-a121-${String(count).padStart(12, "0")}`),
  fc.constantFrom("a-the same end", "b-the same end", "t1", "t22", "", "x"),
);

const line = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .tuple(fc.constantFrom(...METHODS), threadId, fc.constantFrom("m1", "m2"), fc.string())
      .map((parts) => lineOf(...parts)),
  },
  fc.constantFrom('{"id":1,"result":{}}', '{"method":"turn/started","params":{}}', "no JSON", ""),
);

describe("the forms of deltas' lines", () => {
  it("read every line like parsing, whatever the order of the threads", () => {
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const forms = new DeltaForms();
        for (const text of lines) {
          const read = forms.of(text)?.read(text)?.notification();
          if (read !== undefined) expect(read).toEqual(JSON.parse(text));
          else expect(DeltaForm.of(text)?.read(text)).toBeUndefined();
        }
      }),
    );
  });

  it("are created once for each of a thousand threads that stream two methods at a time", () => {
    const forms = new DeltaForms();
    const make = vi.spyOn(DeltaForm, "of");
    const texts = Array.from({ length: 1_000 }, (_, count) =>
      lineOf(METHODS[count % 2] ?? "", crypto.randomUUID(), `item ${count}`, "x"),
    );
    for (let round = 0; round < 5; round++) {
      for (const text of texts) expect(forms.of(text)?.begins(text)).toBe(true);
    }
    // Two of a thousand random ids can have the same key.
    expect(make.mock.calls.length).toBeLessThan(1_020);
    make.mockRestore();
  });

  it("are kept for a limited number of threads", () => {
    const forms = new DeltaForms();
    for (let count = 0; count < 5_000; count++) {
      const text = lineOf(METHODS[0] ?? "", crypto.randomUUID(), "m", "x");
      expect(forms.of(text)?.read(text)?.text).toBe("x");
      expect(forms.size).toBeLessThanOrEqual(4_096);
    }
  });
});
