import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");
const docs = readdirSync(path.join(root, "docs"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".md"))
  .map((file) => `docs/${file.replaceAll(path.sep, "/")}`);
const pages = ["README.md", ...docs];
/** Pages whose links are checked. */
const linking = [
  ...pages,
  "ARCHITECTURE.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "tests/README.md",
];

test("every file and heading that the documents link to exists", () => {
  const missing = linking.flatMap((page) => {
    const links = read(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g);
    return [...links].flatMap(([link, to = "", heading]) => {
      const target = path.posix.join(path.posix.dirname(page), to);
      const file = to === "" ? page : target;
      if (!existsSync(path.join(root, file))) return [`${page}: ${link}`];
      return heading === undefined || headingsOf(file).includes(heading)
        ? []
        : [`${page}: ${link}`];
    });
  });
  expect(missing).toEqual([]);
});

/** Every error class of the package with its code. */
const ERROR_CLASSES = [
  ...readdirSync(path.join(root, "src/errors")).map((file) => `src/errors/${file}`),
  ...["src/turn/result.ts", "src/turn/unfinished-errors.ts", "src/sync/interrupted-error.ts"],
].flatMap((file) =>
  read(file)
    .split(/^export class /m)
    .slice(1)
    .map((source) => ({
      name: /^\w+/.exec(source)?.[0] ?? "",
      isError: /override name = "\w+Error"/.test(source),
      code: /readonly code(?:: ErrorCode)? = "(\w+)"/.exec(source)?.[1] ?? "",
    }))
    .filter(({ isError }) => isError),
);

/** The members of a union of texts. */
function unionIn(file: string, name: string): string[] {
  const [, union = ""] = new RegExp(`type ${name} =(.*?");$`, "ms").exec(read(file)) ?? [];
  return [...union.matchAll(/\| "([A-Z_]+)"/g)].map(([, code = ""]) => code);
}

test("the reference has every error class with its code, and no other; each code is used once", () => {
  expect(ERROR_CLASSES.length).toBeGreaterThan(20);
  const [, table = ""] = /## Codes\n(.*?)\n## /s.exec(read("docs/reference/errors.md")) ?? [];
  const rows = [...table.matchAll(/^\| `(\w+)` \| `(\w+)` \|/gm)].map(([, name, code]) => [
    name,
    code,
  ]);
  const classes = ERROR_CLASSES.map(({ name, code }) => [name, code]);
  expect(rows.toSorted()).toEqual(classes.toSorted());
  expect(ERROR_CLASSES.map(({ code }) => code).toSorted()).toEqual(
    unionIn("src/errors/codes.ts", "ErrorCode").toSorted(),
  );
});

test("the reference has every warning, and no other", () => {
  const [, table = ""] = /## Warnings\n(.*)/s.exec(read("docs/reference/errors.md")) ?? [];
  const rows = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, code]) => code);
  expect(rows.filter((code) => code !== "code").toSorted()).toEqual(
    unionIn("src/errors/warning.ts", "WarningCode").toSorted(),
  );
});

test("the guide of options has every option of the client", () => {
  const source = read("src/client/options.ts") + read("src/process/launch-options.ts");
  const declared = source.match(/interface (?:Codex|Launch)Options[^{]*\{.*?^\}/gms)?.join("");
  const options = [...(declared ?? "").matchAll(/^ {2}readonly (\w+)\?:/gm)].map(
    ([, name]) => name,
  );
  expect(options.length).toBeGreaterThan(15);
  const guide = read("docs/guides/options.md");
  expect(options.filter((name) => !guide.includes(`| \`${name}\` |`))).toEqual([]);
});

test("the programs of the recipes are examples, which are run by a test", () => {
  const recipes = pages.filter((page) => page.startsWith("docs/recipes/"));
  expect(recipes.length).toBeGreaterThan(0);
  for (const recipe of recipes) {
    const [, program] = /^```ts\n(.*?)^```$/ms.exec(read(recipe)) ?? [];
    const example = `examples/${path.basename(recipe, ".md")}`;
    const folder = existsSync(path.join(root, example));
    expect(program, recipe).toBe(read(folder ? `${example}/server.ts` : `${example}.ts`));
    if (!folder) continue;
    const [, page] = /^```html\n(.*?)^```$/ms.exec(read(recipe)) ?? [];
    expect(page, recipe).toBe(read(`${example}/index.html`));
  }
});

test("the chat page has fewer than 150 lines of script", () => {
  const [, script = ""] =
    /<script type="module".*?>\n(.*?)<\/script>/s.exec(read("examples/chat/index.html")) ?? [];
  const lines = script.trimEnd().split("\n");
  expect(lines.length).toBeGreaterThan(50);
  expect(lines.length).toBeLessThan(150);
  expect(lines.filter((line) => line.length > 120)).toEqual([]);
});

/** As they appear in links: lower case, spaces as hyphens, punctuation dropped. */
function headingsOf(page: string): string[] {
  return [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

function read(page: string): string {
  return readFileSync(path.join(root, page), "utf8");
}
