import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { choose } from "../../src/cli/choose.ts";
import { inFrame, questionRows } from "../../src/cli/question-rows.ts";
import type { Talk } from "../../src/cli/terminal.ts";
import { plain } from "../../src/cli/text.ts";
import { Transcript } from "../../src/cli/transcript.ts";
import type { Notification } from "../../src/index.ts";
import { describeRequest } from "../../src/requests/describe-request.ts";
import type { RequestSection } from "../../src/requests/description.ts";
import { maskSecrets, quoteForeign } from "../../src/text/secrets.ts";
import { unescapeVisible } from "../../src/text/visible.ts";
import { expectVisible, hostileJson, hostileText, nested } from "../support/hostile.ts";

const numRuns = Number(process.env.FUZZ_SEEDS ?? 100);
const timeout = 30_000 + 200 * numRuns;
const METHODS = [
  "item/commandExecution/requestApproval",
  "execCommandApproval",
  "item/fileChange/requestApproval",
  "applyPatchApproval",
  "item/permissions/requestApproval",
  "mcpServer/elicitation/request",
  "item/tool/requestUserInput",
  "thread/teleport",
];

const DEEP = "deep";

/**
 * Long or deep values, prototype names, any type. Deep values are inserted later because they can't
 * be printed.
 */
const value = fc.oneof(
  { weight: 6, arbitrary: hostileText },
  { weight: 3, arbitrary: hostileJson },
  fc.constant(null),
  fc.integer(),
  fc.constant(DEEP),
  hostileText.map((text) => text.repeat(100)),
  fc.array(hostileText, { maxLength: 3 }),
);
const change = fc.record({
  path: hostileText,
  kind: fc.constantFrom({ type: "add" }, { type: "delete" }, { type: "update", move_path: "x" }),
  diff: hostileText,
});
const decision = fc.oneof(
  fc.constantFrom("accept", "acceptForSession", "decline", "cancel", "acceptAll", null),
  fc.array(hostileText, { minLength: 1 }).map((rule) => ({
    acceptWithExecpolicyAmendment: { execpolicy_amendment: rule },
  })),
  hostileText.map((host) => ({
    applyNetworkPolicyAmendment: { network_policy_amendment: { host, action: "allow" } },
  })),
);
const params = fc
  .tuple(
    fc.record(
      {
        kind: fc.oneof(fc.constantFrom("command", "humanCommand", "writeStdin"), value),
        command: value,
        cwd: value,
        reason: value,
        grantRoot: value,
        permissions: value,
        additionalPermissions: value,
        networkApprovalContext: fc.record({ host: value, protocol: value }),
        availableDecisions: fc.oneof(fc.array(decision), value),
        fileChanges: fc.dictionary(hostileText, value),
        mode: fc.oneof(fc.constantFrom("form", "url", "openai/form"), value),
        message: value,
        url: value,
        serverName: value,
        requestedSchema: fc.oneof(fc.constant({ type: "object", properties: {} }), value),
        _meta: fc.oneof(
          fc.record({
            codex_approval_kind: fc.constant("mcp_tool_call"),
            tool_name: value,
            tool_params: hostileJson,
          }),
          value,
        ),
        questions: fc.array(fc.oneof(fc.record({ question: value, options: value }), value)),
      },
      { requiredKeys: [] },
    ),
    fc.dictionary(hostileText, value, { maxKeys: 2 }),
  )
  .map(([known, unknown]) => ({ ...unknown, ...known }));
const item = fc.oneof(
  fc.constant(undefined),
  fc.record({ type: fc.constant("commandExecution"), command: value, cwd: value }),
  fc.record({ type: fc.constant("fileChange"), changes: fc.array(fc.oneof(change, value)) }),
  fc.record({ type: fc.constant("mcpToolCall"), server: value, tool: value, arguments: value }),
);
const request = fc.tuple(fc.constantFrom(...METHODS), params, item);

function deepened(given: object): object {
  const members = Object.entries(given).map(([name, one]) => [
    name,
    one === DEEP ? nested(3000) : one,
  ]);
  return Object.fromEntries(members);
}

function decoded({ text, format }: RequestSection): unknown {
  return format === "json" ? JSON.parse(text) : unescapeVisible(text);
}

/** All strings and JSON texts anywhere in a value, for lookups. */
function textsIn(root: unknown): Set<string> {
  const texts = new Set<string>();
  const open = [root];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === "string") texts.add(next);
    if (typeof next !== "object" || next === null) continue;
    for (const [name, inner] of Object.entries(next)) {
      texts.add(name);
      open.push(inner);
    }
  }
  return texts;
}

describe("a hostile request", () => {
  it("is described with visible characters only, and its subject exactly", { timeout }, () => {
    fc.assert(
      fc.property(request, ([method, members, about]) => {
        const given = deepened(members);
        const description = describeRequest(method, given, about);
        const texts = textsIn([given, about]);
        expectVisible(description.title);
        for (const section of [
          ...description.sections,
          ...description.options.flatMap(({ grants }) => grants),
        ]) {
          expectVisible(section.label);
          expectVisible(section.text);
          const isText = section.role === "subject" && section.format !== "json";
          if (isText && section.label.slice(0, 6) !== "Choice") {
            expect(texts).toContain(decoded(section));
          } else if (section.format === "json") JSON.parse(section.text);
        }
        const hasSubject = description.sections.some(({ role }) => role === "subject");
        const canAccept = description.options.some(({ effect }) => effect === "accept");
        expect(canAccept && !hasSubject).toBe(false);
      }),
      { numRuns },
    );
  });

  it("is laid out in rows that fit the screen and from which it can be restored", {
    timeout,
  }, () => {
    fc.assert(
      fc.property(
        request,
        fc.integer({ min: 12, max: 120 }),
        ([method, members, about], columns) => {
          const given = deepened(members);
          const { title, sections } = describeRequest(method, given, about);
          const rows = questionRows(inFrame(title), sections, [], { columns, paint: plain });
          const odd = rows.filter((row) => !/^┃ /.test(row) || [...row].length >= columns);
          expect(odd).toEqual([]);
          expectAllShown(rows, sections);
        },
      ),
      { numRuns },
    );
  });

  it("is accepted only after all of its rows were shown", { timeout }, async () => {
    await fc.assert(
      fc.asyncProperty(
        request,
        fc.integer({ min: 3, max: 30 }),
        async ([method, given, about], height) => {
          const description = describeRequest(method, given, about);
          const shown: string[] = [];
          const keys = ["y", "", "a", "", "p", "", "h", ""];
          let asked = 0;
          const talk: Talk = {
            columns: 40,
            rows: height,
            show: (rows) =>
              shown.push(...rows.filter((row) => !/^┃ (You can answer|Type one of)/.test(row))),
            ask: async () => (asked < 3000 ? keys[asked++ % keys.length] : undefined),
          };
          const chosen = await choose(talk, description, plain);
          if (chosen.effect === "accept") expectAllShown(shown, description.sections);
        },
      ),
      { numRuns: Math.min(numRuns, 1000) },
    );
  });
});

/** Joins the rows that continue a line, and looks for each section among them. */
function expectAllShown(shown: readonly string[], sections: readonly RequestSection[]): void {
  const rows = shown.map((row) => row.slice(2)).join("\n");
  const joined = rows.replaceAll("\n┊ ", "");
  for (const { label, text, role, omitted } of sections) {
    if (role === "warning" || omitted > 0) continue;
    const block = `│ ${text.replaceAll("\n", "\n│ ")}`;
    if (!joined.includes(block) && !rows.includes(`${label}: ${text}`)) {
      expect(`${label} ${text}`).toBe("shown");
    }
  }
}

describe("a hostile turn", () => {
  const texts = fc.record({
    command: hostileText,
    cwd: hostileText,
    status: hostileText,
    aggregatedOutput: hostileText,
    exitCode: fc.constantFrom(null, 0, 1),
    durationMs: fc.constantFrom(null, 5),
    changes: fc.array(change, { maxLength: 2 }),
    server: hostileText,
    tool: hostileText,
    arguments: value,
    result: fc.record({ content: fc.array(fc.record({ type: hostileText, text: hostileText })) }),
    summary: fc.array(hostileText),
    text: hostileText,
    query: hostileText,
    path: hostileText,
    contentItems: fc.constant(null),
    extra: value,
  });
  const TYPES = ["commandExecution", "fileChange", "mcpToolCall", "dynamicToolCall", "reasoning"];
  const type = fc.oneof(
    fc.constantFrom(...TYPES, "plan", "webSearch", "imageView", "agentMessage"),
    hostileText,
  );

  it("writes nothing that controls the terminal, and no frame of a question", { timeout }, () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(type, texts), { maxLength: 4 }), (items) => {
        const transcript = new Transcript("/project", plain);
        const pieces = items.flatMap(([type, rest], index) =>
          ["item/started", "item/completed"].flatMap((method) =>
            transcript.accept({
              method,
              params: { item: { ...rest, type, id: `${index}` } },
            } as unknown as Notification),
          ),
        );
        const written = pieces.map(({ text }) => text).join("") + transcript.activity;
        expect(written).not.toMatch(/(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069┃]/u);
      }),
      { numRuns },
    );
  });
});

describe("secrets in hostile messages", () => {
  const secret = `ghp_${"a1B2".repeat(9)}`;
  const planted = fc.constantFrom<(rest: unknown) => unknown>(
    (rest) => ({ password: "hunter2hunter2", rest }),
    (rest) => [rest, secret],
    (rest) => ({ text: `Bearer ${secret}`, rest }),
    (rest) => ({ rest, inner: JSON.stringify({ authorization: "hunter2hunter2", rest }) }),
    (rest) => ({ rest, url: "https://u:hunter2hunter2@host/" }),
    (rest) => ({ env: { X: "hunter2hunter2" }, rest }),
  );

  it("are masked wherever they are", { timeout }, () => {
    fc.assert(
      fc.property(hostileJson, planted, planted, (rest, inner, outer) => {
        const text = JSON.stringify(outer(inner(rest)));
        for (const masked of [maskSecrets(text), quoteForeign(text, 5000)]) {
          expect(masked).not.toContain("hunter2hunter2");
          expect(masked).not.toContain(secret);
        }
        JSON.parse(maskSecrets(text));
      }),
      { numRuns },
    );
  });

  it("are quoted on one visible line, with any text around them", { timeout }, () => {
    fc.assert(
      fc.property(hostileText, hostileText, (before, after) => {
        const quoted = quoteForeign(`${before} ${secret} ${after}`);
        expect(quoted).not.toContain(secret);
        expectVisible(quoted);
      }),
      { numRuns },
    );
  });
});
