import { expect, it } from "vitest";
import { describeProject } from "../../../src/cli/describe-project.ts";

it("reports the name, the description and the README's first prose", () => {
  const readme =
    "# Title\n\n[![badge](x)](y)\n\n<p>logo</p>\n\n```sh\nnpm i\n```\n\nIt does *things*,\nfast.\n\nMore.";
  const manifest = '{\n  "name": "thing",\n  "description": "Does \\"things\\"",\n  "depend';
  const files = [
    { name: "README.md", text: readme },
    { name: "package.json", text: manifest },
  ];
  expect(describeProject(["README.md", "package.json"], files)).toBe(
    [
      "There are 2 entries here: README.md, package.json.",
      'The project is thing: Does "things".',
      "Its README.md says: It does *things*, fast.",
      "(Source: README.md and package.json.)",
    ].join("\n\n"),
  );
});

it.each([
  [
    "Cargo.toml",
    '[package]\nname = "crate"\ndescription = "Rusty."\n',
    "The project is crate: Rusty.\n",
  ],
  ["go.mod", "module example.com/go\n\ngo 1.22\n", "The project is example.com/go.\n"],
  ["README", "# Only a title\n", "The project is Only a title.\n"],
])("reads %s", (name, text, told) => {
  expect(describeProject([name], [{ name, text }])).toContain(told);
});

it("says so if there is nothing to report", () => {
  expect(describeProject([], [])).toBe("There are no files here.");
  expect(describeProject(["a"], [])).toBe(
    "There is one entry here: a.\n\nNone of them says what the project is.",
  );
});

it("keeps long listings and paragraphs short", () => {
  const names = Array.from({ length: 50 }, (_, index) => `f${index}`);
  const text = "word ".repeat(200);
  const told = describeProject(names, [{ name: "README.md", text }]);
  expect(told).toContain("f39 and 10 more.");
  expect(told).toContain("word …");
  expect(told.length).toBeLessThan(800);
});
