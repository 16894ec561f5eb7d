import { expect, it } from "vitest";
import { type Divergence, describeDivergence } from "../../../src/testing/replay/divergence.ts";

it.each<Divergence>([
  {
    kind: "different",
    what: "the request a\x1b[2J",
    path: "params.\x1b]0;",
    recorded: 1,
    actual: 2,
  },
  { kind: "unexpected", what: "the request a\u202e", actual: "\u200b" },
  { kind: "missing", what: "the notification a\r", recorded: { "\x07": "\x07" } },
])("a divergence from a hostile recording contains no hidden characters: $kind", (divergence) => {
  expect(describeDivergence(divergence)).toMatch(/^[ -~]+$/);
});

it("names the message and the path as they are", () => {
  const divergence: Divergence = {
    kind: "different",
    what: "the request turn/start",
    path: "params.input[0].text",
    recorded: "a",
    actual: "b",
  };
  expect(describeDivergence(divergence)).toBe(
    'the request turn/start differs at params.input[0].text: recorded "a", sent "b"',
  );
});
