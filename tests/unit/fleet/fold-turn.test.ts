import { expect, test } from "vitest";
import { foldTurn } from "../../../src/fleet/worker/fold-turn.ts";
import type { Notification } from "../../../src/rpc/messages.ts";

test.each([
  [["x", "x", "x"]],
  // The second "x" isn't stored under this id.
  [["x\u00002", "x", "x"]],
])("the state of a turn contains all commands with the ids %j", (ids) => {
  const events = ids.flatMap((id, index) =>
    ["item/started", "item/completed"].map((method) => {
      const item = { type: "commandExecution", id, command: `echo ${index}` };
      return { method, params: { item } } as unknown as Notification;
    }),
  );
  const { items } = foldTurn(events);
  expect(items.map((item) => "command" in item && item.command)).toEqual(
    ids.map((_, index) => `echo ${index}`),
  );
});
