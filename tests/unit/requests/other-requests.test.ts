import { describe, expect, it } from "vitest";
import { describeRequest } from "../../../src/requests/describe-request.ts";
import type { RequestDescription } from "../../../src/requests/description.ts";
import { isToolApproval } from "../../../src/requests/elicitation.ts";
import { unescapeVisible } from "../../../src/text/visible.ts";

const ids = { threadId: "t", turnId: "u", itemId: "i", startedAtMs: 1 };

function read({ sections }: Pick<RequestDescription, "sections">): [string, unknown][] {
  return sections.map(({ label, text, format }) => [
    label,
    format === "json" ? JSON.parse(text) : unescapeVisible(text),
  ]);
}

const optionIds = ({ options }: RequestDescription) => options.map(({ id }) => id);

describe("a file change", () => {
  const METHOD = "item/fileChange/requestApproval";
  const params = { ...ids, reason: null, grantRoot: "/etc" };
  const diff = `@@ -1 +1 @@\n-a\n+evil()\r+b\n${"+more\n".repeat(500)}`;
  const changes = [
    { path: "/p/a\u202e.ts", kind: { type: "update", move_path: "/p/b.ts" }, diff },
    { path: "/p/new", kind: { type: "add" }, diff: "one\r\ntwo" },
    { path: "/p/old", kind: { type: "delete" }, diff: "bye\n" },
    { path: "/p/odd", kind: { type: "add", mode: "0777" }, diff: "x" },
    { path: "/p/link", kind: { type: "symlink" }, diff: "x" },
  ];

  it("shows every file and every line", () => {
    const described = describeRequest(METHOD, params, { type: "fileChange", changes });
    expect(described.kind).toBe("fileChange");
    expect(read(described)).toEqual([
      ["For the rest of the session, allows writing under", "/etc"],
      ["Edit", "/p/a\u202e.ts"],
      ["And move it to", "/p/b.ts"],
      ["Difference", diff],
      ["Add", "/p/new"],
      ["With this text", "one\r\ntwo"],
      ["Delete", "/p/old"],
      ["Its text", "bye\n"],
      ["Change", changes[3]],
      ["Change", changes[4]],
    ]);
    expect(optionIds(described)).toEqual(["accept", "acceptForSession", "decline", "cancel"]);
    const listed = { ...params, availableDecisions: ["decline", "accept"] };
    const fewer = describeRequest(METHOD, listed, { type: "fileChange", changes });
    expect(optionIds(fewer)).toEqual(["decline", "accept"]);
  });

  it("can't be accepted if the changes are unknown", () => {
    for (const item of [
      undefined,
      { type: "fileChange", changes: [] },
      { type: "plan", changes },
    ]) {
      const described = describeRequest(METHOD, params, item);
      expect(optionIds(described)).toEqual(["decline", "cancel"]);
      expect(described.refusal.id).toBe("decline");
    }
  });

  it("is in the request itself of older servers", () => {
    const fileChanges = {
      "/p/a": { type: "update", unified_diff: "-a\n+b\r", move_path: null },
      "/p/b": { type: "add", content: "x" },
      "/p/c": { type: "chmod", mode: 7 },
    };
    const old = { conversationId: "c", callId: "i", fileChanges, reason: "r", grantRoot: null };
    const described = describeRequest("applyPatchApproval", old, undefined, true);
    expect(read(described)).toEqual([
      ["Reason given", "r"],
      ["Edit", "/p/a"],
      ["Difference", "-a\n+b\r"],
      ["Add", "/p/b"],
      ["With this text", "x"],
      ["Change", { "/p/c": { type: "chmod", mode: 7 } }],
    ]);
    expect(described.options.map(({ answer }) => answer)).toEqual([
      { decision: "approved" },
      { decision: "approved_for_session" },
      { decision: { denied: { rejection: "The user declined." } } },
      { decision: "abort" },
    ]);
  });
});

it("a command of older servers is shown as program and arguments", () => {
  const old = { conversationId: "c", callId: "i", approvalId: null, cwd: "/p", reason: null };
  const command = ["bash", "-lc", "rm x #\r"];
  const described = describeRequest("execCommandApproval", { ...old, command, parsedCmd: [] });
  expect(read(described)).toEqual([
    ["Directory", "/p"],
    ["Program and arguments", command],
  ]);
  expect(described.options[1]).toMatchObject({ decision: "acceptForSession" });
  expect(optionIds(describeRequest("execCommandApproval", old))).toEqual(["decline", "cancel"]);
});

describe("permissions", () => {
  const METHOD = "item/permissions/requestApproval";
  const permissions = { network: { enabled: true }, fileSystem: { write: ["/"] }, camera: true };

  it("are shown completely, and granted as far as the protocol can", () => {
    const described = describeRequest(METHOD, { ...ids, cwd: "/p", reason: "x", permissions });
    expect(read(described).at(-1)).toEqual(["Permissions", permissions]);
    const { camera: _shown, ...granted } = permissions;
    expect(described.options.map(({ answer }) => answer)).toEqual([
      { permissions: granted, scope: "turn" },
      { permissions: granted, scope: "session" },
      { permissions: {}, scope: "turn" },
    ]);
  });

  it("can't be granted if none are named", () => {
    const described = describeRequest(METHOD, { ...ids, permissions: {} });
    expect(optionIds(described)).toEqual(["decline"]);
    expect(described.refusal.answer).toEqual({ permissions: {}, scope: "turn" });
  });
});

describe("an elicitation", () => {
  const METHOD = "mcpServer/elicitation/request";
  const base = { threadId: "t", turnId: "u", serverName: "docs" };
  const meta = {
    codex_approval_kind: "mcp_tool_call",
    persist: ["session", "always"],
    tool_name: "find",
    tool_annotations: { destructiveHint: true },
    tool_description: "d".repeat(5000),
    tool_params: { q: "\x1b[2J\u3164", many: Array.from({ length: 300 }, (_, index) => index) },
    tool_params_display: [],
    connector: "x",
  };
  const schema = { type: "object", properties: {} };
  const approval = {
    ...base,
    mode: "form",
    _meta: meta,
    message: "Allow?",
    requestedSchema: schema,
  };

  it("for a tool shows the tool, and all of its arguments last", () => {
    const described = describeRequest(METHOD, approval, undefined, true);
    expect(described.kind).toBe("mcpToolCall");
    expect(read(described)).toEqual([
      ["Message", "Allow?"],
      ["Tool description, from the MCP server", "d".repeat(600)],
      ["MCP server", "docs"],
      ["Tool annotations, from the MCP server", { destructiveHint: true }],
      ["_meta.connector", "x"],
      ["Tool", "find"],
      ["Arguments", meta.tool_params],
    ]);
    expect(described.options.map(({ id, answer }) => [id, answer])).toEqual([
      ["accept", { action: "accept", content: null, _meta: null }],
      ["acceptForSession", { action: "accept", content: null, _meta: { persist: "session" } }],
      ["acceptAlways", { action: "accept", content: null, _meta: { persist: "always" } }],
      ["decline", { action: "decline", content: null, _meta: null }],
      ["cancel", { action: "cancel", content: null, _meta: null }],
    ]);
  });

  it("for a tool offers each option once, even if it lists it thousands of times", () => {
    const persist = Array.from({ length: 1_000 }, () => "session");
    const described = describeRequest(METHOD, { ...approval, _meta: { ...meta, persist } });
    expect(optionIds(described)).toEqual(["accept", "acceptForSession", "decline", "cancel"]);
  });

  it("for a tool has the arguments of the item, and warns where the calls differ", () => {
    const { tool_params: _none, ...silent } = meta;
    const item = { type: "mcpToolCall", server: "docs", tool: "drop", arguments: { all: true } };
    const described = describeRequest(METHOD, { ...approval, _meta: silent }, item);
    expect(described.sections[0]?.text).toContain("differs from the call announced earlier");
    expect(read(described).at(-1)).toEqual(["Arguments", { all: true }]);
    const unsaid = describeRequest(METHOD, { ...approval, _meta: silent });
    expect(unsaid.sections[0]?.text).toContain("doesn't include the arguments");
  });

  it.each([
    [
      "a form",
      { ...approval, requestedSchema: { type: "object", properties: { dir: {} } } },
      "form",
    ],
    ["a form with more", { ...approval, requestedSchema: { ...schema, anyOf: [{}] } }, "form"],
    ["a URL", { ...base, mode: "url", _meta: meta, message: "m", url: "https://x/\u200b" }, "url"],
    ["OpenAI's form", { ...approval, mode: "openai/form" }, "form"],
    [
      "a verification",
      { ...base, mode: "openai/userVerification", _meta: meta, title: "t", challenge: "c" },
      "userVerification",
    ],
  ])("that copies the marks of a tool approval is %s", (_name, params, kind) => {
    expect(isToolApproval(params)).toBe(false);
    const described = describeRequest(METHOD, params);
    expect(described.kind).toBe(kind);
    expect(described.sections[0]?.text).toContain("claims to be a tool approval");
    expect(described.sections.at(-1)?.role).toBe("subject");
  });

  it.each([
    ["file:///bin/sh", 1],
    ["javascript:alert(1)", 1],
    ["//x/y", 1],
    ["HTTPS://x/y", 0],
    ["http://x/y", 0],
  ])("warns about a URL that isn't on the web: %s", (url, count) => {
    const { sections } = describeRequest(METHOD, { ...base, mode: "url", message: "m", url });
    const warnings = sections.filter(({ role }) => role === "warning");
    expect(warnings).toHaveLength(count);
    expect(warnings.every(({ text }) => text.includes("isn't a web address"))).toBe(true);
  });

  it("shows the URL exactly, and a form's fields", () => {
    const url = describeRequest(METHOD, {
      ...base,
      mode: "url",
      _meta: null,
      message: "Visit",
      url: "https://x/\u200b",
      elicitationId: "e",
    });
    expect(read(url)).toEqual([
      ["MCP server", "docs"],
      ["Message", "Visit"],
      ["URL", "https://x/\u200b"],
    ]);
    const fields = { type: "object", properties: { dir: { type: "string" } } };
    const form = describeRequest(METHOD, { ...approval, _meta: null, requestedSchema: fields });
    expect(read(form).at(-1)).toEqual(["Fields", fields]);
    expect(form.options[0]?.answer).toEqual({ action: "accept", _meta: null });
    const odd = describeRequest(METHOD, { ...base, mode: "hologram", scene: "x" });
    expect(odd).toMatchObject({ kind: "unknown", refusal: { answer: { action: "decline" } } });
    expect(read(odd)).toEqual([
      ["MCP server", "docs"],
      ["Mode", "hologram"],
      ["scene", "x"],
    ]);
  });
});

it("questions to the user are shown with their choices, and answered by no option", () => {
  const options = [
    { label: "Red", description: "warm\u200b" },
    { label: "Blue", description: "" },
  ];
  const question = { id: "__proto__", header: "H", question: "Which?", isSecret: false, options };
  const { startedAtMs: _when, ...where } = ids;
  const params = { ...where, questions: [question, 5], isBlocking: true, autoResolutionMs: null };
  const described = describeRequest("item/tool/requestUserInput", params, undefined, true);
  expect(read(described)).toEqual([
    ["Header", "H"],
    ["Question", "Which?"],
    ["Choice 1", "Red: warm\u200b"],
    ["Choice 2", "Blue"],
    ["Question", 5],
  ]);
  expect(described).toMatchObject({ options: [], refusal: { answer: { answers: {} } } });
});

it("any other request is shown completely, and has no options", () => {
  const described = describeRequest("thread/teleport", { to: "\u200b" });
  expect(read(described)).toEqual([["Parameters", { to: "\u200b" }]]);
  expect(described).toMatchObject({ kind: "unknown", options: [] });
});

describe("numbers that may have been rounded cause a warning", () => {
  const warnings = (...args: Parameters<typeof describeRequest>) =>
    describeRequest(...args).sections.filter(({ text }) => text.includes("may be rounded")).length;
  const tool = {
    ...{ serverName: "s", mode: "form", requestedSchema: { type: "object", properties: {} } },
    _meta: { codex_approval_kind: "mcp_tool_call", tool_name: "t", tool_params: { n: 1 } },
  };
  const { tool_params: _, ...bare } = tool._meta;
  const running = { type: "mcpToolCall", server: "s", tool: "t", arguments: { n: 0.5 } };
  const policy = [{ host: "h", action: "allow" }];

  it.each<[string, string, object]>([
    ["arguments", "mcpServer/elicitation/request", tool],
    ["permissions", "item/permissions/requestApproval", { permissions: { network: 1e30 } }],
    ["unknown members", "item/commandExecution/requestApproval", { command: "ls", more: [0.1] }],
    ["unknown members of others", "item/fileChange/requestApproval", { reason: "r", x: { y: -1 } }],
    ["a request that is not known", "thread/teleport", { to: 1 }],
    ["a command of the wrong type", "item/commandExecution/requestApproval", { command: 5 }],
  ])("in %s, unless none was", (_name, method, params) => {
    expect(warnings(method, params)).toBe(1);
    expect(warnings(method, params, undefined, false)).toBe(1);
    expect(warnings(method, params, undefined, true)).toBe(0);
  });

  it("in arguments that only the separately parsed item has", () => {
    const params = { ...tool, _meta: bare };
    expect(warnings("mcpServer/elicitation/request", params, running, true)).toBe(1);
    expect(warnings("mcpServer/elicitation/request", params, running, false)).toBe(1);
    const change = { path: "p", diff: "d", kind: { type: "odd", mode: 7 } };
    const item = { type: "fileChange", changes: [change] };
    expect(warnings("item/fileChange/requestApproval", {}, item, true)).toBe(1);
  });

  it("but nothing else does, not even text that looks like numbers", () => {
    const params = {
      ...{ command: "echo 1", startedAtMs: 1, availableDecisions: ["accept"] },
      more: { '1"': ["\\", '"2', true, null], x: [] },
    };
    expect(warnings("item/commandExecution/requestApproval", params)).toBe(0);
    expect(warnings("item/commandExecution/requestApproval", { ...params, policy })).toBe(0);
  });

  it("even if other text claims to be the warning", () => {
    const reason = "Numbers may be rounded here: the exact values can have more digits.";
    expect(warnings("item/permissions/requestApproval", { reason, permissions: { x: 1 } })).toBe(2);
  });
});

it("letters that look like others are named, wherever they are granted", () => {
  const named = (method: string, params: object) => {
    const { sections, options } = describeRequest(method, params);
    const all = [...sections, ...options.flatMap(({ grants }) => grants)];
    return all.some(({ role, text }) => role === "warning" && text.includes("U+0430"));
  };
  const decision = { host: "\u0430.example", action: "allow" };
  const tool = {
    ...{ serverName: "s", mode: "form", requestedSchema: { type: "object", properties: {} } },
    _meta: {
      ...{ codex_approval_kind: "mcp_tool_call", tool_name: "t" },
      tool_params: { host: "\u0430.example" },
    },
  };
  expect(named("mcpServer/elicitation/request", tool)).toBe(true);
  expect(named("item/fileChange/requestApproval", { grantRoot: "/h\u0430me" })).toBe(true);
  expect(named("execCommandApproval", { command: ["rm", "\u0430"] })).toBe(true);
  const permissions = { fileSystem: { write: ["/h\u0430me"] } };
  expect(named("item/permissions/requestApproval", { permissions })).toBe(true);
  for (const one of [
    { applyNetworkPolicyAmendment: { network_policy_amendment: decision } },
    { acceptWithExecpolicyAmendment: { execpolicy_amendment: ["\u0430"] } },
  ]) {
    const command = { command: "ls", availableDecisions: ["accept", one] };
    expect(named("item/commandExecution/requestApproval", command)).toBe(true);
  }
  expect(named("item/commandExecution/requestApproval", { command: "ls" })).toBe(false);
});

it.each(["\u00d7", "\u2796", "\uffda", "\uff89", "\uffdc", "\u4e28", "\u30ce", "\u3007"])(
  "a sign or stroke that looks like ASCII is named: %s",
  (stroke) => {
    const { sections } = describeRequest("execCommandApproval", { command: ["rm", `${stroke}rf`] });
    expect(sections.filter(({ role }) => role === "warning")).toHaveLength(1);
    const { sections: harmless } = describeRequest("execCommandApproval", { command: ["漢字"] });
    expect(harmless.filter(({ role }) => role === "warning")).toEqual([]);
  },
);

it.each([
  ["item/commandExecution/requestApproval", { command: "rm x" }],
  ["execCommandApproval", { command: ["rm", "x"] }],
  ["item/permissions/requestApproval", { permissions: { network: { enabled: true } } }],
])("a letter that looks like another in the directory is named: %s", (method, asked) => {
  const warnings = (cwd: string) =>
    describeRequest(method, { ...asked, cwd }).sections.filter(({ role }) => role === "warning");
  expect(warnings("/srv/pr\u043ed").map(({ text }) => text)).toEqual([
    expect.stringContaining("U+043E"),
  ]);
  expect(warnings("/srv/prod")).toEqual([]);
});

describe("a request with more characters than a user can read", () => {
  const long = "\u0436\u200b".repeat(2.2e6);
  const wide = Object.fromEntries(Array.from({ length: 600_000 }, (_, n) => [`p${n}`, n]));
  let deep: unknown = long;
  for (let level = 0; level < 50_000; level++) deep = [deep];

  it.each<[string, object, unknown]>([
    ["item/commandExecution/requestApproval", { command: long }, undefined],
    ["item/fileChange/requestApproval", ids, { changes: [{ path: "a", diff: long }] }],
    ["mcpServer/elicitation/request", { mode: "form", requestedSchema: wide }, undefined],
    ["item/permissions/requestApproval", { permissions: { a: deep } }, undefined],
    ["item/tool/requestUserInput", { questions: [{ question: long }] }, undefined],
    ["another", { a: long }, undefined],
  ])("can only be refused: %s", (method, params, item) => {
    const described = describeRequest(method, params, item);
    expect(described.sections).toHaveLength(1);
    expect(described.sections[0]).toMatchObject({ role: "warning" });
    expect(described.options.filter(({ effect }) => effect === "accept")).toEqual([]);
    expect(described.refusal.id).toBe("decline");
  });
});
