import { expect, test } from "vitest";
import { fakeClient } from "../../support/fake.ts";

const COMMAND = "item/commandExecution/requestApproval";

test.each([
  ["yes", undefined, "decline", '"accept", "acceptForSession", "decline", "cancel"'],
  [{ decision: "accept" }, undefined, "decline", '"accept", "acceptForSession"'],
  ["yes", ["accept", "cancel"], "decline", '"accept", "cancel"'],
  ["acceptForSession", ["decline"], "decline", '"decline"'],
  [{ acceptForSession: {} }, undefined, "decline", '"accept"'],
  [{ constructor: {} }, undefined, "decline", '"accept"'],
])("the decision %j of a rule is refused, and the warning names the valid ones", async (...one) => {
  const [decided, availableDecisions, sent, listed] = one;
  const { codex, server, warnings } = fakeClient({
    approvals: { command: (() => decided) as never },
  });
  await codex.connect();
  const { result } = await server.ask(COMMAND, { availableDecisions });
  expect(result).toEqual({ decision: sent });
  expect(warnings.map(({ code }) => code)).toEqual(["INVALID_DECISION"]);
  expect(warnings[0]?.message).toContain(listed);
  await codex.close();
});
