import { describe, expect, it } from "vitest";
import { TurnOpening } from "../../../src/turn/turn-opening.ts";

const message = (clientId: string | null, id = `m-${clientId}`) => ({
  type: "userMessage",
  ...{ id, clientId },
});
const answer = { type: "agentMessage", id: "a1", text: "" };
const shell = { type: "commandExecution", id: "c1", source: "userShell" };
const command = { type: "commandExecution", id: "c2", source: "agent" };
const child = { type: "subAgentActivity", id: "s1", kind: "completed" };

/**
 * Why a turn with these items, started and completed in this order, doesn't answer the message "mine"; undefined if
 * it may.
 */
function saysOfMine(items: readonly object[], methods = ["item/started", "item/completed"]) {
  const opening = new TurnOpening();
  for (const item of items) for (const method of methods) opening.see(method, { item });
  return opening.contradicts("mine");
}

describe("a message that was merged into another turn", () => {
  it.each([
    ["a message of the model", answer],
    ["a command of the model", command],
    ["reasoning", { type: "reasoning", id: "r1" }],
  ])("counts as answered when %s comes after it", (_what, item) => {
    expect(saysOfMine([message("other"), message("mine"), item])).toBe(undefined);
  });

  it("counts as answered when only a history shows what came after it", () => {
    expect(saysOfMine([message("other"), message("mine"), answer], ["item/completed"])).toBe(
      undefined,
    );
  });

  it.each([
    ["nothing", []],
    ["a sub-agent's report", [child]],
    ["a user's shell command", [shell]],
  ])("is unanswered when %s comes after it", (_what, items) => {
    expect(saysOfMine([message("other"), answer, message("mine"), ...items])).toContain(
      "never answered",
    );
  });

  it("is unanswered if the items after it had started before", () => {
    const opening = new TurnOpening();
    opening.see("item/started", { item: message("other") });
    opening.see("item/started", { item: answer });
    opening.see("item/started", { item: message("mine") });
    opening.see("item/completed", { item: answer });
    expect(opening.contradicts("mine")).toContain("never answered");
  });
});

describe("how a turn began", () => {
  /** The opening after the start, a cut (undefined) and these items, in this order. */
  const openingOf = (...events: readonly ("start" | object | undefined)[]) => {
    const opening = new TurnOpening();
    for (const event of events) {
      if (event === undefined) opening.missed();
      else if (event === "start") opening.see("turn/started", {});
      else opening.see("item/started", { item: event });
    }
    return opening;
  };

  const shown = ({ isMessage, messageId, wasSeen }: TurnOpening) =>
    wasSeen ? { isMessage, messageId } : "not seen";

  it("is known if nothing was missed from its start to its first item", () => {
    expect(shown(openingOf("start", message("mine")))).toEqual({
      isMessage: true,
      messageId: "mine",
    });
    expect(shown(openingOf("start", message(null), undefined))).toEqual({ isMessage: true });
    expect(shown(openingOf("start", command))).toEqual({ isMessage: false });
  });

  it.each([
    ["before the start", [shell, "start", message("theirs")]],
    ["before the message", ["start", shell, message("theirs")]],
  ] as const)("doesn't depend on a shell command %s", (_, events) => {
    expect(shown(openingOf(...events))).toEqual({ isMessage: true, messageId: "theirs" });
  });

  it.each([
    ["its start was missed", [command]],
    ["its start is learned later", [command, "start"]],
    ["its first item may have been missed", ["start", undefined, command]],
  ] as const)("isn't known if %s", (_, events) => {
    expect(shown(openingOf(...events))).toBe("not seen");
  });

  it("is known from the items that the server lists", () => {
    expect(shown(TurnOpening.ofListed([shell, message("mine")]))).toEqual({
      isMessage: true,
      messageId: "mine",
    });
    expect(TurnOpening.ofListed([]).isKnown).toBe(false);
  });
});
