import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Notification } from "../../../src/rpc/messages.ts";
import { EventLog } from "../../../src/turn/event-log.ts";
import { TurnFold, type TurnState } from "../../../src/turn/fold.ts";

function stateOf(notifications: readonly Notification[], status?: string): TurnState {
  const log = new EventLog({ retain: true });
  const fold = new TurnFold(log);
  const end = { method: "turn/completed", params: { turn: { id: "u", status, error: null } } };
  for (const one of status ? [...notifications, end] : notifications) {
    fold.apply(one);
    log.append(one);
  }
  return fold.state;
}

const started = (item: object): Notification => ({ method: "item/started", params: { item } });
const completed = (item: object): Notification => ({ method: "item/completed", params: { item } });
const delta = (method: string, itemId: string, text: string, place = {}): Notification => ({
  method: `item/${method}`,
  params: { itemId, delta: text, ...place },
});
const message = (id: string, text: string, phase: string | null = null) => ({
  type: "agentMessage",
  id,
  text,
  phase,
});
const said = (id: string, text: string) => delta("agentMessage/delta", id, text);
const command = (id: string, output: string | null) => ({
  type: "commandExecution",
  id,
  command: "make",
  status: "inProgress",
  aggregatedOutput: output,
});

describe.each(["interrupted", "failed", undefined])("the state of a turn that is %s", (status) => {
  it("has the text that was streamed of its message", () => {
    const state = stateOf([started(message("m", "")), said("m", "he"), said("m", "llo")], status);
    expect(state).toMatchObject({ text: "hello", items: [message("m", "hello")] });
  });

  it("has unfinished items after the completed ones, in the order of their start", () => {
    const state = stateOf(
      [
        started(command("c", null)),
        started(message("m", "")),
        started({ type: "reasoning", id: "r", summary: [], content: [] }),
        delta("commandExecution/outputDelta", "c", "one\n"),
        started(message("n", "")),
        delta("reasoning/summaryTextDelta", "r", "hm", { summaryIndex: 0 }),
        completed(message("m", "done", "commentary")),
        delta("reasoning/summaryTextDelta", "r", "so", { summaryIndex: 1 }),
        delta("reasoning/textDelta", "r", "raw", { contentIndex: 0 }),
        delta("commandExecution/outputDelta", "c", "two\n"),
        delta("reasoning/summaryTextDelta", "r", "m", { summaryIndex: 0 }),
        started({ type: "plan", id: "p", text: "" }),
        delta("plan/delta", "p", "- a"),
        started({ type: "mcpToolCall", id: "t", status: "inProgress", result: null }),
      ],
      status,
    );
    expect(state.items).toEqual([
      message("m", "done", "commentary"),
      command("c", "one\ntwo\n"),
      { type: "reasoning", id: "r", summary: ["hmm", "so"], content: ["raw"] },
      message("n", ""),
      { type: "plan", id: "p", text: "- a" },
      { type: "mcpToolCall", id: "t", status: "inProgress", result: null },
    ]);
    expect(state.text).toBe("");
  });

  it.each([
    ["that is the final answer, before a later one without a phase", ["final_answer", null], "one"],
    ["without a phase, when only commentary follows", [null, "commentary"], "one"],
    ["that came last, of two without a phase", [null, null], "two"],
  ] as const)("has the text of the message %s", (_what, [first, second], text) => {
    const notifications = [
      started(message("1", "", first)),
      said("1", "one"),
      started(message("2", "", second)),
      said("2", "two"),
    ];
    expect(stateOf(notifications, status).text).toBe(text);
  });

  it("has the text of a completed message while the next one is still empty", () => {
    const notifications = [completed(message("m", "done")), started(message("n", ""))];
    expect(stateOf(notifications, status).text).toBe("done");
  });

  it("has the initial text of a message before its deltas", () => {
    const notifications = [started(message("m", "Pre ")), said("m", "a"), said("m", "b")];
    expect(stateOf(notifications, status).text).toBe("Pre ab");
  });

  it("has messages, plans and reasoning whose start was not seen", () => {
    const notifications = [
      said("m", "he"),
      delta("plan/delta", "p", "- a"),
      delta("reasoning/textDelta", "r", "x", { contentIndex: 1 }),
      delta("commandExecution/outputDelta", "c", "out"),
      said("m", "llo"),
    ];
    expect(stateOf(notifications, status)).toMatchObject({
      text: "hello",
      items: [message("m", "hello"), { type: "plan", text: "- a" }, { content: ["", "x"] }],
    });
  });

  it("has the streamed text, no matter where its deltas were split and what came between them", () => {
    const pieces = fc.array(fc.tuple(fc.string(), fc.boolean()));
    fc.assert(
      fc.property(pieces, (list) => {
        const between = { method: "thread/tokenUsage/updated", params: {} };
        const sent = list.flatMap(([text, apart]) => [
          said("m", text),
          ...(apart ? [between] : []),
        ]);
        const text = list.map(([one]) => one).join("");
        expect(stateOf([started(message("m", "")), ...sent], status).text).toBe(text);
      }),
    );
  });
});

describe("the state of a completed turn", () => {
  it("has its completed items only", () => {
    const notifications = [
      started(command("c", null)),
      delta("commandExecution/outputDelta", "c", "out"),
      started(message("m", "")),
      completed(message("m", "done")),
    ];
    const state = stateOf(notifications, "completed");
    expect(state).toMatchObject({ text: "done", items: [message("m", "done")] });
  });
});

it("no index creates an endless list", () => {
  const indexes = [1e9, -1, 0.5, Number.NaN, "x", null, {}, 2];
  const notifications = indexes.map((summaryIndex) =>
    delta("reasoning/summaryTextDelta", "r", "x", { summaryIndex }),
  );
  const state = stateOf([started({ type: "reasoning", id: "r" }), ...notifications]);
  expect(state.items).toMatchObject([{ summary: ["", "", "x"] }]);
});
