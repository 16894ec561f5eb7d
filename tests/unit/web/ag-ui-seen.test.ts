import { expect, test } from "vitest";
import { Seen } from "../../../src/web/ag-ui/seen.ts";
import type { TurnPart } from "../../../src/web/parts/part.ts";

/** A text in these pieces. */
const textOf = (id: string, ...deltas: string[]): TurnPart[] => [
  { type: "textStart", id, kind: "message", phase: null },
  ...deltas.map((delta) => ({ type: "textDelta", id, delta }) as const),
  { type: "textEnd", id, incomplete: false },
];

/** What is left of the parts for a front end that has these messages. */
const left = (messages: readonly unknown[], parts: readonly TurnPart[]) => {
  const seen = new Seen(messages);
  return parts.flatMap((part) => [...seen.without(part)]);
};

test.each([
  ["an unknown text is sent", [], ["Hel", "lo"], ["Hel", "lo"]],
  ["a known text isn't", [{ id: "m", role: "assistant", content: "Hello" }], ["Hel", "lo"], null],
  [
    "a text that was cut off continues",
    [{ id: "m", content: "Hell" }],
    ["Hel", "lo", "!"],
    ["o", "!"],
  ],
  ["an empty text continues", [{ id: "m", content: "" }], ["Hel", "lo"], ["Hel", "lo"]],
  ["a text that differs stays", [{ id: "m", content: "Hallo" }], ["Hel", "Hallo"], null],
])("%s", (_, messages, deltas, expected) => {
  const rest = expected && textOf("m", ...expected);
  expect(left(messages, textOf("m", ...deltas))).toEqual(rest ?? []);
});

test("only new parts of a known call are sent", () => {
  const call: TurnPart[] = [
    { type: "callStart", id: "c", name: "command" },
    { type: "callInput", id: "c", name: "command", input: {} },
    { type: "callEnd", id: "c", state: "completed", output: {}, error: "", media: [] },
  ];
  const assistant = { id: "c", role: "assistant", toolCalls: [{ id: "c" }] };
  const result = { id: "c:result", role: "tool", toolCallId: "c", content: "{}" };
  expect(left([assistant], call)).toEqual(call.slice(2));
  expect(left([assistant, result], call)).toEqual([]);
});

test("messages of any shape are accepted", () => {
  const messages = [null, 1, "x", {}, { id: 1, content: {} }, { id: "m", toolCalls: [null, {}] }];
  expect(left(messages, textOf("m", "x"))).toEqual(textOf("m", "x"));
});
