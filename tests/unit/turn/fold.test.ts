import { describe, expect, it } from "vitest";
import type { ThreadItem } from "../../../src/protocol/index.ts";
import { asSeen } from "../../../src/timeline/listed-items.ts";
import { finalText, TurnFold } from "../../../src/turn/fold.ts";

function message(
  id: string,
  text: string,
  phase: "commentary" | "final_answer" | null,
): ThreadItem {
  return { type: "agentMessage", id, text, phase } as ThreadItem;
}

describe("finalText", () => {
  it.each([
    [
      "the last final answer, even where commentary follows",
      [
        message("1", "a", "final_answer"),
        message("2", "b", "final_answer"),
        message("3", "c", "commentary"),
      ],
      "b",
    ],
    [
      "a final answer before a later message without a phase",
      [message("1", "a", "final_answer"), message("2", "b", null)],
      "a",
    ],
    [
      "the last without a phase where none is final",
      [message("1", "a", null), message("2", "b", null), message("3", "c", "commentary")],
      "b",
    ],
    ["nothing of commentary", [message("1", "a", "commentary")], ""],
    ["an empty answer as it is", [message("1", "a", null), message("2", "", "final_answer")], ""],
    ["nothing where there is no message", [], ""],
  ])("takes %s", (_, items, text) => {
    expect(finalText(items)).toBe(text);
  });
});

describe("TurnFold", () => {
  it("collects completed items in order, the last usage, and how the turn ended", () => {
    const fold = new TurnFold();
    const usage = (totalTokens: number) => ({
      threadId: "t",
      turnId: "u",
      tokenUsage: { totalTokens },
    });
    const error = { message: "no" };
    for (const [method, params] of [
      ["turn/started", { turn: { id: "u", status: "inProgress", startedAt: 5, items: [] } }],
      ["item/started", { item: message("1", "", null) }],
      ["item/started", { item: message("2", "", null) }],
      ["item/completed", { item: message("2", "two", null) }],
      ["thread/tokenUsage/updated", usage(1)],
      ["item/completed", { item: message("1", "one", null) }],
      ["thread/tokenUsage/updated", usage(2)],
      [
        "turn/completed",
        { turn: { id: "u", status: "failed", error, completedAt: 7, durationMs: 2000, items: [] } },
      ],
    ] as const) {
      fold.apply({ method, params });
    }
    expect(fold.state).toMatchObject({
      status: "failed",
      error,
      text: "one",
      items: [
        { id: "2", text: "two" },
        { id: "1", text: "one" },
      ],
      usage: usage(2),
      startedAt: 5,
      completedAt: 7,
      durationMs: 2000,
    });
  });

  it("knows an item that was started and not completed", () => {
    const fold = new TurnFold();
    fold.apply({ method: "item/started", params: { item: message("1", "", null) } });
    expect(fold.item("1")).toMatchObject({ id: "1" });
    expect(fold.openItems()).toEqual(["1"]);
  });

  it.each([null, undefined, 5, "x", [], {}, { item: null }, { item: { id: 3 } }, { turn: 7 }])(
    "ignores params that are %j",
    (params) => {
      const fold = new TurnFold();
      for (const method of ["turn/started", "turn/completed", "item/started", "item/completed"]) {
        fold.apply({ method, params });
      }
      expect(fold.state).toMatchObject({ status: "inProgress", items: [] });
    },
  );
});

it("knows an item whose start was missed, so that the server's list doesn't add it again under another id", () => {
  const fold = new TurnFold();
  const params = { threadId: "t1", turnId: "u1" };
  const [first, second] = [message("a", "one", null), message("b", "two", null)];
  fold.apply({ method: "item/completed", params: { ...params, item: first } });
  fold.apply({ method: "item/started", params: { ...params, item: second } });
  expect(fold.items()).toEqual([first, second]);
  const listed = [message("item-1", "one", null), message("item-2", "two", null)];
  expect(asSeen(listed, fold.items()).map(({ id }) => id)).toEqual(["a", "b"]);
});
