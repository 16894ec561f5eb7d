import { expect, test } from "vitest";
import { describeRequest } from "../../../src/requests/describe-request.ts";

test("a command of millions of letters outside ASCII is described completely", () => {
  const command = "\u00e9".repeat(4_000_000);
  const { sections } = describeRequest("item/commandExecution/requestApproval", {
    ...{ kind: "command", threadId: "t", turnId: "u", itemId: "i", startedAtMs: 1 },
    ...{ command, cwd: "/project", availableDecisions: ["accept", "cancel"] },
  });
  expect(sections.at(-1)?.text === command).toBe(true);
});
