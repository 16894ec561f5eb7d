import fc from "fast-check";
import { expect, it } from "vitest";
import { describeRequest } from "../../../src/requests/describe-request.ts";
import { unescapeVisible } from "../../../src/text/visible.ts";

/** Each method, and the members that its requests have. */
const METHODS: Readonly<Record<string, readonly string[]>> = {
  "item/commandExecution/requestApproval": [
    ...["command", "networkApprovalContext", "additionalPermissions"],
  ],
  execCommandApproval: ["command"],
  "item/fileChange/requestApproval": ["grantRoot"],
  applyPatchApproval: ["fileChanges", "grantRoot"],
  "item/permissions/requestApproval": ["permissions"],
  "mcpServer/elicitation/request": [
    ...["serverName", "_meta", "requestedSchema", "url", "challenge", "title", "description"],
  ],
  "item/tool/requestUserInput": ["questions"],
  "thread/teleport": ["to"],
};
const INNER = [
  ...["path", "diff", "move_path", "content", "unified_diff", "host", "protocol", "port"],
  ...["tool_name", "tool_params", "tool_annotations", "question", "header", "options", "label"],
  ...["network", "fileSystem", "action", "properties", "__proto__", "constructor", "cwd", "turnId"],
];
/** These values only decide how the rest is read, so they needn't be shown. */
const TELLING: Readonly<Record<string, readonly string[]>> = {
  type: ["update", "add", "delete", "object"],
  mode: ["form", "url", "openai/form"],
  codex_approval_kind: ["mcp_tool_call"],
};
const ALL_TELLING = new Set(Object.values(TELLING).flat());
/** Ids and times from the server, if they have the usual type. */
const IDS = new Set(["turnId"]);

const leaf = fc.uuid().map((id) => `${id}\u202e\r`);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.integer({ min: 1_000_000 }),
    fc.array(tie("value"), { maxLength: 3 }),
    membersOf(INNER, tie("value")),
  ),
}));

function membersOf(names: readonly string[], inner: fc.Arbitrary<unknown>): fc.Arbitrary<object> {
  const telling = fc.record(
    Object.fromEntries(
      Object.entries(TELLING).map(([name, values]) => [name, fc.constantFrom(...values)]),
    ),
    { requiredKeys: [] },
  );
  const known = fc.dictionary(fc.constantFrom(...names), inner, { maxKeys: 5 });
  return fc.tuple(known, telling).map(([members, marks]) => ({ ...members, ...marks }));
}

const request = fc.constantFrom(...Object.keys(METHODS)).chain((method) => {
  const names = [...(METHODS[method] ?? []), "reason", "cwd", "turnId", "surprise"];
  return fc.tuple(fc.constant(method), membersOf(names, value));
});

function leaves(of: unknown, name = ""): string[] {
  if (typeof of !== "object" || of === null) {
    const isKnown = IDS.has(name) || ALL_TELLING.has(String(of));
    return isKnown || name === "reason" ? [] : [String(of)];
  }
  return Object.entries(of).flatMap(([inner, one]) => leaves(one, inner));
}

it("every part of a request is shown, for any members", () => {
  fc.assert(
    fc.property(request, value, ([method, params], item) => {
      const { sections } = describeRequest(method, params, item);
      const shown = sections.map(({ format, text }) =>
        format === "json" ? leaves(JSON.parse(text)).join("\n") : unescapeVisible(text),
      );
      const hidden = leaves(params).filter((one) => !shown.join("\n").includes(one));
      expect(hidden).toEqual([]);
    }),
    { numRuns: 3_000 },
  );
});
