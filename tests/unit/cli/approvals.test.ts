import { describe, expect, it } from "vitest";
import { show } from "../../../src/cli/text.ts";
import type { ThreadItem } from "../../../src/index.ts";
import { openDesk } from "../../support/desk.ts";

const command = { command: "/bin/bash -lc 'rm x'", cwd: "/project", reason: "It is old" };
const change = {
  type: "fileChange",
  id: "i1",
  status: "inProgress",
  changes: [{ path: "/project/x", kind: { type: "add" }, diff: "hello\n" }],
} as unknown as ThreadItem;
const permissions = { permissions: { network: { enabled: true }, fileSystem: null }, reason: null };
const granted = { network: { enabled: true } };
const tool = {
  serverName: "docs",
  mode: "form",
  message: "Call?",
  requestedSchema: { type: "object", properties: {} },
  _meta: { codex_approval_kind: "mcp_tool_call", tool_name: "find", tool_params: { q: "x" } },
};
const amendment = { acceptWithExecpolicyAmendment: { execpolicy_amendment: ["rm", "x"] } };

describe("on a terminal", () => {
  it.each([
    ["command", command, ["y"], "accept"],
    ["command", command, ["No"], "decline"],
    ["command", command, ["", "what?", "a"], "acceptForSession"],
    ["command", command, ["c"], "cancel"],
    ["command", { ...command, proposedExecpolicyAmendment: ["rm", "x"] }, ["p"], amendment],
    ["permissions", permissions, ["y"], { permissions: granted, scope: "turn" }],
    ["permissions", permissions, ["a"], { permissions: granted, scope: "session" }],
    ["permissions", permissions, ["n"], "decline"],
    ["mcpTool", tool, ["y"], "accept"],
    ["mcpTool", tool, ["a", "n"], "decline"],
  ])("%s %j, answered %j", async (kind, params, lines, decision) => {
    const { ask } = openDesk(lines);
    expect(await ask(kind, params)).toEqual(decision);
  });

  it("accepts and offers only what the request allows", async () => {
    const availableDecisions = ["accept", amendment, "cancel"];
    const desk = openDesk(["a", "always", "decline", "s", "n"]);
    expect(await desk.ask("command", { ...command, availableDecisions })).toBe("cancel");
    expect(desk.shown().match(/Type one of y\/p\/n, then Enter/g)).toHaveLength(4);
    expect(desk.shown()).toContain("┃ n  no, and stop the turn\n");
    expect(desk.shown()).not.toContain("session");
    const refused = openDesk([]);
    expect(await refused.ask("command", { ...command, availableDecisions: ["cancel"] })).toBe(
      "cancel",
    );
    expect(refused.shown()).toBe("  Declined: the request can't be accepted\n");
  });

  it("offers only what a rule can decide", async () => {
    const { ask, shown } = openDesk(["a", "acceptAlways", "y"]);
    const _meta = { ...tool._meta, persist: ["session", "always"] };
    expect(await ask("mcpTool", { ...tool, _meta })).toBe("accept");
    expect(shown()).toContain("┃ y  yes\n┃ n  no\n┃ Call this tool of an MCP server? [y/n]: ");
  });

  it("shows what each option grants, before the command", async () => {
    const { ask, shown } = openDesk(["y"]);
    const host = (action: string) => ({
      applyNetworkPolicyAmendment: { network_policy_amendment: { host: "h.example", action } },
    });
    const availableDecisions = ["accept", amendment, host("allow"), host("deny"), "cancel"];
    await ask("command", { ...command, availableDecisions });
    expect(shown()).toContain(
      [
        '┃ With p: Always allows, without asking, commands that start with: ["rm","x"]',
        "┃ With h: Allowed from now on: h.example",
        "┃ With h2: Blocked from now on: h.example",
        "┃ Command: /bin/bash -lc 'rm x'",
        "┃ y  yes, this once",
      ].join("\n"),
    );
  });

  it("shows a command completely and exactly, with where it runs and why", async () => {
    const { ask, shown } = openDesk(["y"]);
    const exact = { ...command, command: "touch X #\rls -la\u200b\nrm \\ \u3164 | Run? [y]: y" };
    await ask("command", { ...exact, availableDecisions: ["accept", "decline"] });
    expect(shown()).toBe(
      [
        "┃ Run this command?",
        "┃ Reason given: It is old",
        "┃ Directory: /project",
        "┃ Command:",
        "┃ │ touch X #\\rls -la\\u{200b}",
        "┃ │ rm \\\\ \\u{3164} | Run? [y]: y",
        "┃ Escapes: \\\\ is one backslash; \\n, \\x1b, \\u{200b} are invisible characters.",
        "┃ y  yes, this once",
        "┃ n  no; the agent continues without it",
        "┃ Run this command? [y/n]: ",
      ].join("\n"),
    );
  });

  it("shows the complete diff of a change, and members that the item lacks", async () => {
    const { ask, shown } = openDesk(["y"]);
    expect(await ask("fileChange", { grantRoot: "/", extra: 1 }, change)).toBe("accept");
    expect(shown()).toContain(
      "┃ For the rest of the session, allows writing under: /\n┃ extra: 1\n" +
        "┃ With a: In this session, allows changing and deleting: /project/x\n" +
        "┃ Add: /project/x\n┃ With this text:\n┃ │ hello\n┃ │ \n",
    );
  });

  it("shows what is sent to a terminal, and that the request is not the item", async () => {
    const item = { type: "commandExecution", id: "i", command: "make test" } as ThreadItem;
    const { ask, shown } = openDesk(["n", "n"]);
    await ask("command", { ...command, kind: "writeStdin", command: "write_stdin 'rm x\n'" }, item);
    expect(shown()).toContain("┃ Send this input to a running terminal?\n");
    expect(shown()).toContain("┃ Terminal started with: make test\n");
    expect(shown()).toContain("┃ Input:\n┃ │ write_stdin 'rm x\n┃ │ '\n");
    await ask("command", command, item);
    expect(shown()).toContain(
      "┃ Warning: The request differs from the command announced earlier; ",
    );
    expect(shown()).toContain("┃ Announced earlier: make test\n");
  });

  it("declines what can't be shown, and what isn't a tool call", async () => {
    const desk = openDesk([]);
    expect(await desk.ask("command", { reason: "trust me" })).toBe("decline");
    expect(await desk.ask("command", { availableDecisions: ["accept", "cancel"] })).toBe("cancel");
    expect(await desk.ask("fileChange", { grantRoot: "/" })).toBe("decline");
    const form = { type: "object", properties: { directory: { type: "string" } } };
    expect(await desk.ask("mcpTool", { ...tool, requestedSchema: form })).toBe("decline");
    expect(await desk.ask("mcpTool", { ...tool, mode: "url", url: "https://x" })).toBe("decline");
    expect(desk.shown().split("\n")).toEqual([
      "  Declined: the request doesn't show what it asks for",
      "  Declined: the request doesn't show what it asks for",
      "  Declined: the request doesn't show what it asks for",
      "  Declined: an MCP server asked for more than a tool call",
      "  Declined: an MCP server asked for more than a tool call",
      "",
    ]);
  });

  it("asks after earlier output was shown", async () => {
    const { ask, output, shown } = openDesk(["y"]);
    const asked = ask("command", command);
    await Promise.resolve();
    output.show([{ to: "log", text: show`before\n`, block: false }]);
    await asked;
    expect(shown()).toMatch(/^before\n/);
  });

  it("asks one question at a time, and holds the others back", async () => {
    const { ask, output, type, shown } = openDesk([]);
    const first = ask("command", { ...command, command: "one" });
    const second = ask("command", { ...command, command: "two" });
    await expect.poll(shown).toMatch(/: $/);
    output.show([{ to: "log", text: show`meanwhile\n`, block: false }]);
    expect(shown()).not.toMatch(/two|meanwhile/);
    type("y");
    expect(await first).toBe("accept");
    await expect.poll(shown).toMatch(/meanwhile[\s\S]*two[\s\S]*: $/);
    type("n");
    expect(await second).toBe("decline");
  });

  it("declines withdrawn requests, and those still open when the input ends", async () => {
    const withdrawn = openDesk([]);
    const asked = withdrawn.ask("command", command);
    await expect.poll(withdrawn.shown).toMatch(/: $/);
    withdrawn.signal.abort();
    expect(await asked).toBe("decline");
    expect(await withdrawn.ask("command", command)).toBe("decline");

    const ended = openDesk([]);
    ended.keyboard.end();
    expect(await ended.ask("command", command)).toBe("decline");
  });
});

describe("without a terminal", () => {
  it("declines, and says so", async () => {
    const { ask, shown } = openDesk(undefined);
    const availableDecisions = ["accept", "cancel"];
    expect(await ask("command", { ...command, availableDecisions })).toBe("decline");
    expect(await ask("fileChange", {}, change)).toBe("decline");
    expect(shown()).toBe(
      "  Declined: there is no terminal to ask on: /bin/bash -lc 'rm x'\n" +
        "\nAdd x (+1 -0)\n  +hello\n  Declined: there is no terminal to ask on: /project/x\n",
    );
  });

  it("accepts commands that are asked for with the trusted reason, and no others", async () => {
    const { ask, shown } = openDesk(undefined, { trustedReason: "trusted" });
    expect(await ask("command", { ...command, reason: "trusted" })).toBe("accept");
    expect(shown()).toBe("  Allowed: trusted\n");
    expect(await ask("command", command)).toBe("decline");
    expect(await ask("command", { ...command, reason: null })).toBe("decline");
  });
});
