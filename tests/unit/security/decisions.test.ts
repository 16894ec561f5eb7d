import { expect, test } from "vitest";
import { Codex } from "../../../src/index.ts";
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

test.each([
  [
    "approvals",
    { command: "yes" },
    'approvals.command must be "accept", "decline", "ask" or a function',
  ],
  ["approvals", { commands: "accept" }, 'approvals has no kind "commands"'],
  ["handlers", { "*": "accept" }, 'handlers["*"] must be a function, not a string'],
])("a wrong member of %s is refused, inherited or not: %j", (name, wrong, message) => {
  for (const value of [wrong, Object.create(wrong), Object.create(Object.create(wrong))]) {
    expect(() => new Codex({ [name]: value })).toThrow(TypeError);
    expect(() => new Codex({ [name]: value })).toThrow(message);
  }
});

test.each([[[]], [{}], ["decline"], [[{ accept: { x: 1 } }]]])(
  "nothing is accepted where the request offers %j",
  async (availableDecisions) => {
    const { codex, server, warnings } = fakeClient({ approvals: "accept" });
    await codex.connect();
    const { result } = await server.ask(COMMAND, { availableDecisions });
    expect(result).toEqual({ decision: "decline" });
    expect(warnings[0]?.message).toContain("which offers nothing");
    await codex.close();
  },
);
