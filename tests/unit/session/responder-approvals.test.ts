import { describe, expect, test } from "vitest";
import type { CodexOptions } from "../../../src/index.ts";
import {
  answerTo,
  COMMAND,
  ELICITATION,
  FILE,
  ids,
  PERMISSIONS,
  runningTurn,
  TOOL_APPROVAL,
} from "../../support/asked-client.ts";

describe("approvals", () => {
  const granted = { network: { enabled: true } };
  const permissions = { ...ids, permissions: { ...granted, fileSystem: null } };
  const denied = { decision: { denied: { rejection: "The user declined." } } };

  test.each([
    [COMMAND, ids, { decision: "decline" }, { decision: "accept" }],
    [FILE, ids, { decision: "decline" }, { decision: "accept" }],
    [
      PERMISSIONS,
      permissions,
      { permissions: {}, scope: "turn" },
      { permissions: granted, scope: "turn" },
    ],
    [
      ELICITATION,
      TOOL_APPROVAL,
      { action: "decline", content: null, _meta: null },
      { action: "accept", content: null, _meta: null },
    ],
    ["execCommandApproval", { conversationId: "t1" }, denied, { decision: "approved" }],
    ["applyPatchApproval", { conversationId: "t1" }, denied, { decision: "approved" }],
  ])(
    "%s is declined by default, and accepted if the options say so",
    async (method, params, no, yes) => {
      const byDefault = await answerTo(method, params);
      expect(byDefault).toMatchObject({ result: no, codes: ["APPROVAL_DECLINED"] });
      expect(await answerTo(method, params, { approvals: "accept" })).toMatchObject({
        result: yes,
        codes: [],
      });
      expect(await answerTo(method, params, { approvals: "decline" })).toMatchObject({
        result: no,
        codes: [],
      });
    },
  );

  test("each kind has its own rule, and those without one are declined", async () => {
    const options = { approvals: { command: "accept" } } as const;
    expect((await answerTo(COMMAND, ids, options)).result).toEqual({ decision: "accept" });
    const file = await answerTo(FILE, ids, options);
    expect(file).toMatchObject({ result: { decision: "decline" }, codes: ["APPROVAL_DECLINED"] });
  });

  test.each([
    ["acceptForSession", "approved_for_session"],
    ["cancel", "abort"],
  ] as const)("the older requests spell %s as %s", async (decision, wire) => {
    const options = { approvals: { command: () => decision } };
    const { result } = await answerTo("execCommandApproval", {}, options);
    expect(result).toEqual({ decision: wire });
  });

  test("default refusals are reported once, whatever was requested", async () => {
    const { server, warnings } = await runningTurn();
    await server.ask(COMMAND, ids);
    await server.ask(COMMAND, ids);
    await server.ask(FILE, ids);
    expect(warnings).toHaveLength(1);
  });

  test.each([
    ["nothing", undefined],
    ["a misspelt decision", "yes"],
    ["a decision in a wrapping", { decision: "accept" }],
    ["an inherited name", "constructor"],
  ])(
    "a rule that returns %s declines, and a warning lists the valid decisions",
    async (_, value) => {
      const command = (() => value) as never;
      const { result, codes } = await answerTo(COMMAND, ids, { approvals: { command } });
      expect(result).toEqual({ decision: "decline" });
      expect(codes).toEqual(["INVALID_DECISION"]);
    },
  );

  test.each([
    ["decline", ["accept", "cancel"], "decline"],
    ["acceptForSession", ["accept", "cancel"], "accept"],
    ["accept", ["accept", "decline"], "accept"],
    ["cancel", ["accept", "decline"], "decline"],
  ])("%s where the request offers %j is sent as %s", async (decided, available, sent) => {
    const command = (() => decided) as never;
    const params = { ...ids, availableDecisions: available };
    const { result } = await answerTo(COMMAND, params, { approvals: { command } });
    expect(result).toEqual({ decision: sent });
  });

  test.each([
    ["allow", ["accept", "cancel"], "accept"],
    ["deny", ["accept", "cancel"], "decline"],
    ["deny", ["accept", "decline"], "decline"],
    ["misspelt", ["accept", "cancel"], "decline"],
  ])(
    "a network rule that isn't offered, with the action %s, is sent as it is meant",
    async (...one) => {
      const [action, available, sent] = one;
      const amendment = { network_policy_amendment: { host: "example.com", action } };
      const command = (() => ({ applyNetworkPolicyAmendment: amendment })) as never;
      const params = { ...ids, availableDecisions: available };
      const { result } = await answerTo(COMMAND, params, { approvals: { command } });
      expect(result).toEqual({ decision: sent });
    },
  );

  test.each([
    ["another text", { message: "Share your home directory?" }],
    ["a form", { requestedSchema: { type: "object", properties: { dir: { type: "string" } } } }],
    ["a link", { mode: "url", url: "https://example.com" }],
    ["another server", { serverName: "other" }],
    ["other arguments", { _meta: { ...TOOL_APPROVAL._meta, tool_params: { path: "/" } } }],
    ["another turn", { turnId: "u2" }],
  ])(
    "an MCP server can't approve its own elicitation: %s is no tool approval",
    async (_, forged) => {
      const params = { ...TOOL_APPROVAL, ...forged };
      const { error } = await answerTo(ELICITATION, params, { approvals: "accept" });
      expect(error).toMatchObject({ code: -32601 });
    },
  );

  test("a handler of elicitations doesn't decide what tools may run", async () => {
    const handlers = { [ELICITATION]: () => ({ action: "accept", content: null, _meta: null }) };
    const { result } = await answerTo(ELICITATION, TOOL_APPROVAL, { handlers } as CodexOptions);
    expect(result).toMatchObject({ action: "decline" });
  });

  test("rules, including inherited ones, are copied when the client is created", async () => {
    class Rules {
      command() {
        return "accept" as const;
      }
    }
    const rules = new Rules();
    const { server } = await runningTurn({ approvals: rules });
    Object.assign(rules, { command: () => "decline" });
    expect(await server.ask(COMMAND, ids)).toMatchObject({ result: { decision: "accept" } });
  });

  test("an elicitation that isn't a tool approval goes to its handler, or is refused", async () => {
    const { error, codes } = await answerTo(ELICITATION, ids, { approvals: "accept" });
    expect(error).toMatchObject({ code: -32601 });
    expect(codes).toEqual(["UNHANDLED_REQUEST"]);
  });
});
