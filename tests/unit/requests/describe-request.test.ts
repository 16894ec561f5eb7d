import { describe, expect, it } from "vitest";
import { describeRequest } from "../../../src/requests/describe-request.ts";
import type { RequestDescription } from "../../../src/requests/description.ts";
import { unescapeVisible } from "../../../src/text/visible.ts";

const COMMAND = "item/commandExecution/requestApproval";
const ids = { threadId: "t", turnId: "u", itemId: "i", startedAtMs: 1 };
/** As the server sends it. */
const command = {
  kind: "command",
  ...ids,
  environmentId: "local",
  reason: "to see",
  command: "/bin/bash -c 'touch X #\rls -la\u200b'",
  cwd: "/project",
  commandActions: [{ type: "unknown", command: "touch X" }],
  proposedExecpolicyAmendment: ["touch", "X"],
  availableDecisions: [
    "accept",
    { acceptWithExecpolicyAmendment: { execpolicy_amendment: ["touch", "X\u202e"] } },
    "cancel",
  ],
};

function read({ sections }: Pick<RequestDescription, "sections">): [string, unknown][] {
  return sections.map(({ label, text, format }) => [
    label,
    format === "json" ? JSON.parse(text) : unescapeVisible(text),
  ]);
}

const ofRole = ({ sections }: RequestDescription, role: string) =>
  sections.filter((section) => section.role === role).map(({ text }) => text);
const optionIds = ({ options }: RequestDescription) => options.map(({ id }) => id);

describe("a command", () => {
  it("is shown exactly, after its reason and circumstances", () => {
    const described = describeRequest(COMMAND, command, { type: "commandExecution", ...command });
    expect(described).toMatchObject({
      kind: "command",
      title: "Run this command",
      method: COMMAND,
    });
    expect(read(described)).toEqual([
      ["Reason given", "to see"],
      ["Directory", "/project"],
      ["Command", command.command],
    ]);
    expect(described.sections.at(-1)?.text).toBe("/bin/bash -c 'touch X #\\rls -la\\u{200b}'");
  });

  it("is not that of the item", () => {
    const item = { type: "commandExecution", command: "make test", cwd: "/elsewhere" };
    const described = describeRequest(COMMAND, { ...command, command: "rm -rf ." }, item);
    expect(ofRole(described, "warning")).toEqual([
      "The request differs from the command announced earlier; the command below is what would run.",
      "The directory differs from the one announced earlier: /elsewhere",
    ]);
    expect(read(described)).toContainEqual(["Announced earlier", "make test"]);
    expect(read(described).at(-1)).toEqual(["Command", "rm -rf ."]);
  });

  it("is that of the item if the request has none, and empty if neither has one", () => {
    const { command: _none, ...silent } = command;
    const item = { type: "commandExecution", command: "make" };
    const described = describeRequest(COMMAND, silent, item);
    expect(ofRole(described, "warning")[0]).toContain("contains no command");
    expect(read(described).at(-1)).toEqual(["Command", "make"]);

    const empty = describeRequest(COMMAND, { ...silent, additionalPermissions: { network: {} } });
    expect(optionIds(empty)).toEqual(["cancel"]);
    expect(describeRequest(COMMAND, { availableDecisions: ["accept"] }).options).toEqual([]);
    expect(describeRequest(COMMAND, null).refusal.answer).toEqual({ decision: "decline" });
  });

  it.each([
    ["humanCommand", "Run this command (kind: humanCommand)", "Command"],
    ["writeStdin", "Send this input to a running terminal", "Input"],
  ])("of the kind %s says so", (kind, title, label) => {
    const item = { type: "commandExecution", command: "cat", cwd: "/project" };
    const described = describeRequest(COMMAND, { ...command, kind, command: "x\n" }, item);
    expect(described).toMatchObject({ kind, title });
    expect(read(described).at(-1)).toEqual([label, "x\n"]);
    const { command: _none, ...silent } = command;
    if (kind === "writeStdin") {
      expect(read(described)).toContainEqual(["Terminal started with", "cat"]);
      expect(ofRole(described, "warning")).toEqual([
        expect.stringContaining("a different terminal"),
      ]);
      expect(ofRole(describeRequest(COMMAND, { ...silent, kind }, item), "subject")).toEqual([]);
    }
  });

  it("warns about an unknown kind, and about letters that look like others", () => {
    const odd = describeRequest(COMMAND, { ...command, kind: "te\x1bleport", command: "cat раd" });
    expect(odd.kind).toBe("unknown");
    expect(ofRole(odd, "warning")).toEqual([
      "This program doesn't know the kind of this request: te\\x1bleport",
      "Characters that may look like others, or appear in a different order: р (U+0440), а (U+0430)",
    ]);
    const marks = describeRequest(COMMAND, {
      ...command,
      command: "rm e\u0301 か\u3099 é\u{1107f}",
    });
    expect(ofRole(marks, "warning")).toEqual([
      "Characters that may look like others, or appear in a different order: \\u{301} (U+0301), \\u{3099} (U+3099)",
    ]);
    const plain = describeRequest(COMMAND, { ...command, command: "echo 日本 é ñ 🎉 한" });
    expect(ofRole(plain, "warning")).toEqual([]);
  });

  it("shows what else it grants", () => {
    const described = describeRequest(COMMAND, {
      ...command,
      environmentId: "remote",
      additionalPermissions: { network: { enabled: true }, camera: "\u200b" },
      surprise: { nested: ["\u202e"] },
      __proto__: null,
    });
    expect(read(described)).toEqual([
      ["Reason given", "to see"],
      ["Environment", "remote"],
      ["Directory", "/project"],
      ["With these additional permissions", { network: { enabled: true }, camera: "\u200b" }],
      ["surprise", { nested: ["\u202e"] }],
      ["Command", command.command],
    ]);
  });

  it("shows members with an unexpected type or a prototype name", () => {
    const params = JSON.parse('{"__proto__":{"a":1},"constructor":2,"reason":["x"],"itemId":[3]}');
    expect(
      read(describeRequest(COMMAND, { ...command, ...{ reason: ["x"], itemId: [3] } })),
    ).toEqual(
      expect.arrayContaining([
        ["reason", ["x"]],
        ["itemId", [3]],
      ]),
    );
    expect(read(describeRequest(COMMAND, params, undefined, true))).toEqual([
      ["__proto__", { a: 1 }],
      ["constructor", 2],
      ["reason", ["x"]],
      ["itemId", [3]],
    ]);
  });

  it("shortens only the reason", () => {
    const long = "x".repeat(100_000);
    const described = describeRequest(COMMAND, { ...command, reason: long, command: long });
    expect(described.sections[0]).toMatchObject({ role: "reason", omitted: 99_400 });
    expect(described.sections.at(-1)).toMatchObject({ text: long, omitted: 0 });
    const lines = describeRequest(COMMAND, { ...command, reason: "\n".repeat(500) });
    expect(lines.sections[0]).toMatchObject({ text: "\n".repeat(7), omitted: 493 });
  });
});

describe("access to a host", () => {
  const context = { host: "evil.example\u200b", protocol: "https", port: 8443 };
  const amendment = (action: string) => ({
    applyNetworkPolicyAmendment: { network_policy_amendment: { host: "evil.example", action } },
  });

  it("names the host, and what each option allows", () => {
    const request = {
      kind: "command",
      ...ids,
      networkApprovalContext: context,
      availableDecisions: ["accept", amendment("allow"), amendment("deny"), "cancel"],
    };
    const described = describeRequest(COMMAND, request, undefined, true);
    expect(described).toMatchObject({ kind: "networkAccess", title: "Allow access to this host" });
    expect(read(described)).toEqual([
      ["Protocol", "https"],
      ["networkApprovalContext.port", 8443],
      ["Host", "evil.example\u200b"],
    ]);
    expect(described.options).toMatchObject([
      { id: "accept", effect: "accept", grants: [] },
      {
        id: "applyNetworkPolicyAmendment",
        effect: "accept",
        grants: [{ label: "Allowed from now on", text: "evil.example" }],
        decision: amendment("allow"),
      },
      {
        id: "applyNetworkPolicyAmendment-2",
        effect: "refuse",
        grants: [{ label: "Blocked from now on", text: "evil.example" }],
      },
      { id: "cancel" },
    ]);
    expect(described.refusal.id).toBe("cancel");
  });
});

describe("the options", () => {
  it("are those of the request, in its order, with what each grants", () => {
    const { options, refusal } = describeRequest(COMMAND, command);
    expect(options).toMatchObject([
      { id: "accept", effect: "accept", answer: { decision: "accept" } },
      {
        id: "acceptWithExecpolicyAmendment",
        effect: "accept",
        grants: [{ text: '["touch","X\\u202e"]', format: "json" }],
        decision: command.availableDecisions[1],
        answer: { decision: command.availableDecisions[1] },
      },
      { id: "cancel", effect: "refuse", answer: { decision: "cancel" } },
    ]);
    expect(refusal.id).toBe("cancel");
  });

  it("are the usual and the proposed ones if none are listed", () => {
    const { availableDecisions: _list, ...older } = command;
    expect(optionIds(describeRequest(COMMAND, older))).toEqual([
      "accept",
      "acceptForSession",
      "acceptWithExecpolicyAmendment",
      "decline",
      "cancel",
    ]);
    const nulled = { ...older, availableDecisions: null, proposedExecpolicyAmendment: null };
    expect(optionIds(describeRequest(COMMAND, nulled))).toHaveLength(4);
  });

  it("omit unknown members, and show them", () => {
    const odd = [
      "acceptForever",
      { acceptWithExecpolicyAmendment: { execpolicy_amendment: [], also: 1 } },
      { acceptWithExecpolicyAmendment: { execpolicy_amendment: ["a"] }, more: 1 },
      { applyNetworkPolicyAmendment: { network_policy_amendment: { host: "h", action: "x" } } },
      ["accept"],
      null,
    ];
    const described = describeRequest(COMMAND, { ...command, availableDecisions: odd });
    expect(described.options).toEqual([]);
    expect(described.refusal.answer).toEqual({ decision: "decline" });
    expect(read(described)).toContainEqual([
      "Decisions that this program doesn't know, and doesn't offer",
      odd,
    ]);
    const none = describeRequest(COMMAND, { ...command, availableDecisions: "accept" });
    expect(none.options).toEqual([]);
    expect(read(none)).toContainEqual(["availableDecisions", "accept"]);
  });
});

it.each(["add", "delete"])("shows that a file to %s would also be moved", (type) => {
  const changes = [{ path: "/w/a", kind: { type, move_path: "/etc/passwd" }, diff: "x" }];
  const item = { type: "fileChange", id: "i", changes };
  const description = describeRequest("item/fileChange/requestApproval", ids, item);
  expect(JSON.stringify(description)).toContain("/etc/passwd");
});

it("counts thousands of equal decisions in linear time", () => {
  const availableDecisions = Array.from({ length: 20_000 }, () => "accept");
  const { options } = describeRequest(COMMAND, { ...command, availableDecisions });
  expect(options.at(-1)?.id).toBe("accept-20000");
});
