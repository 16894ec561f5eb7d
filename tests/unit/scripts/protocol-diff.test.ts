import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";

type Declarations = ReadonlyMap<string, string>;

interface Diffing {
  protocolDiff(before: Declarations, after: Declarations): object;
  reportOf(diff: object, from: string, to: string): string;
}

interface Changelog {
  draftEntry(changelog: string, entry: string): string;
}

const scripts = path.resolve(import.meta.dirname, "../../../scripts/support");
const load = (file: string) => import(pathToFileURL(path.join(scripts, file)).href);
const { protocolDiff, reportOf }: Diffing = await load("protocol-diff.mjs");
const { draftEntry }: Changelog = await load("changelog.mjs");

/** Declarations as the server generates them, by name. */
function protocol(types: Readonly<Record<string, string>>): Declarations {
  return new Map(
    Object.entries(types).map(([name, type]) => [name, `export type ${name} = ${type};`]),
  );
}

const before = protocol({
  ClientRequest:
    '{ "method": "a/get", id: RequestId, params: AGetParams } | { "method": "a/drop", id: RequestId, params: undefined }',
  ServerNotification: '{ "method": "a/changed", "params": A }',
  A: "{ /** The id, with a { in it. */ id: string, size: number, old?: boolean, nested: { one: string, } }",
  Kind: '"plain" | "odd"',
  Item: '{ "type": "text", text: string } | { "type": "image", url: string }',
  AGetParams: "{ id: string }",
  Gone: "{ x: string }",
});

const after = protocol({
  ClientRequest:
    '{ "method": "a/get", id: RequestId, params: AGetParams } | { "method": "a/put", id: RequestId, params: New }',
  ServerNotification:
    '{ "method": "a/changed", "params": A } | { "method": "b/changed", "params": A }',
  A: "{ id: string, size: number | null, fresh?: boolean, nested: { one: string, two: string, } }",
  Kind: '"plain" | "fancy"',
  Item: '{ "type": "text", text: string, font: string | null } | { "type": "audio", url: string }',
  AGetParams: "{ id: string }",
  New: "{ y: string }",
});

test("a report lists additions, removals and changes once", () => {
  expect(reportOf(protocolDiff(before, after), "1.0.0", "1.1.0")).toBe(
    [
      "- The pinned server is 1.1.0; it was 1.0.0. Changes to its protocol:",
      "  - requests removed (1): `a/drop`",
      "  - requests added (1): `a/put`",
      "  - notifications added (1): `b/changed`",
      "  - types removed (1): `Gone`",
      "  - types added (1): `New`",
      '  - variants removed (1): `Item (type "image")`',
      '  - variants added (1): `Item (type "audio")`',
      "  - fields removed (1): `A.old: optional boolean`",
      "  - fields changed (1): `A.size` (`number` → `number | null`)",
      '  - fields added (3): `A.fresh: optional boolean`, `A.nested.two: string`, `Item (type "text").font: string | null`',
      '  - values removed (1): `Kind = "odd"`',
      '  - values added (1): `Kind = "fancy"`',
      "",
    ].join("\n"),
  );
});

test("two protocols that differ only in order and comments are the same", () => {
  const shuffled = protocol({
    A: "{ old?: boolean, nested: { one: string, }, size: number, id: string, }",
    Kind: '/* new words */ "odd" | "plain"',
  });
  const same = new Map([...before, ...shuffled]);
  expect(reportOf(protocolDiff(before, same), "1.0.0", "1.0.1")).toBe(
    "- The pinned server is 1.0.1; it was 1.0.0. The protocol is the same.\n",
  );
});

test("a long list is wrapped", () => {
  const names = Array.from({ length: 40 }, (_, index) => `Type${index}`);
  const many = protocol(Object.fromEntries(names.map((name) => [name, "string"])));
  const lines = reportOf(protocolDiff(new Map(), many), "1.0.0", "1.1.0").split("\n");
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(130);
  expect(lines.join(" ").match(/`Type\d+`/g)).toHaveLength(40);
});

test.each([
  ["a section", "# C\n\n## Unreleased\n\n### Changed\n\n- Old.\n\n## 1.0.0\n", "- New.\n- Old."],
  ["no section of changes", "# C\n\n## Unreleased\n\n### Added\n\n- Old.\n", "- New.\n\n### Added"],
  ["no unreleased version", "# C\n\n## 1.0.0\n\n### Changed\n\n- Old.\n", "- New.\n\n## 1.0.0"],
])("a draft goes into a changelog with %s", (_, changelog, expected) => {
  const drafted = draftEntry(changelog, "- New.\n");
  expect(drafted).toContain(expected);
  expect(drafted.indexOf("## Unreleased")).toBeLessThan(drafted.indexOf("### Changed"));
  for (const line of changelog.split("\n")) expect(drafted.split("\n")).toContain(line);
});
