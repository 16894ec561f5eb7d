import { expect, test } from "vitest";
import { describeRequest } from "../../../src/requests/describe-request.ts";
import { isToolApproval } from "../../../src/requests/elicitation.ts";

test("a command of millions of letters outside ASCII is described completely", () => {
  const command = "\u00e9".repeat(4_000_000);
  const { sections } = describeRequest("item/commandExecution/requestApproval", {
    ...{ kind: "command", threadId: "t", turnId: "u", itemId: "i", startedAtMs: 1 },
    ...{ command, cwd: "/project", availableDecisions: ["accept", "cancel"] },
  });
  expect(sections.at(-1)?.text === command).toBe(true);
});

test("a request with so many members that it would take seconds to describe can only be refused", () => {
  const _meta = Object.fromEntries(Array.from({ length: 200_000 }, (_, index) => [`m${index}`, 1]));
  const { sections, options } = describeRequest("mcpServer/elicitation/request", {
    ...{ threadId: "t", turnId: "u", serverName: "docs", mode: "form", message: "Which?" },
    ...{ requestedSchema: { type: "object", properties: {} }, _meta },
  });
  expect(sections.map(({ role }) => role)).toEqual(["warning"]);
  expect(options.filter(({ effect }) => effect === "accept")).toEqual([]);
});

test("the members of an elicitation aren't listed to find out whether it is a tool approval", () => {
  const members = { codex_approval_kind: "mcp_tool_call" };
  let listed = 0;
  const _meta = new Proxy(members, {
    ownKeys: (target) => {
      listed++;
      return Reflect.ownKeys(target);
    },
  });
  const requestedSchema = { type: "object", properties: {} };
  expect(isToolApproval({ mode: "form", requestedSchema, _meta })).toBe(true);
  expect(listed).toBe(0);
});
