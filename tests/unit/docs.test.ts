import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");
const docs = readdirSync(path.join(root, "docs"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".md"))
  .map((file) => `docs/${file.replaceAll(path.sep, "/")}`);
/** Pages whose snippets are compiled, and whose links are checked. */
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

/** Values that snippets use without declaring them; a snippet's own declarations take precedence. */
const GIVEN = `
import type { Codex, Thread, Turn } from "codex-app-server";
import type { ScriptedModel } from "codex-app-server/testing";
declare global {
  const codex: Codex;
  const thread: Thread;
  const turn: Turn;
  const model: ScriptedModel;
  const token: string;
  const email: { readonly body: string };
}
`;

test("every snippet of the documents type-checks against the built package", async () => {
  const snippets = pages.flatMap(snippetsOf);
  expect(snippets.length).toBeGreaterThan(pages.length);
  expect(await compile(snippets)).toBe("");
});

test("every example of a docstring type-checks against the built package", async () => {
  const examples = await docstringExamples();
  expect(examples.length).toBeGreaterThan(10);
  expect(await compile(examples)).toBe("");
});

test("every JavaScript snippet is valid on this version of Node", async () => {
  const blocks = pages.flatMap((page) =>
    [...read(page).matchAll(/^```js\n(.*?)^```$/gms)].map(([, code = ""]) => code),
  );
  expect(blocks.length).toBeGreaterThan(0);
  expect(await Promise.all(blocks.map(syntaxError))).toEqual(blocks.map(() => ""));
});

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

test("the page of the chat has less than 150 lines of script", () => {
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

/** Empty if there is none. */
async function syntaxError(code: string): Promise<string> {
  const checking = promisify(execFile)(process.execPath, ["--check", "--input-type=module", "-"]);
  checking.child.stdin?.end(code);
  return await checking.then(
    () => "",
    (failed: { stderr: string }) => failed.stderr,
  );
}

interface Snippet {
  readonly file: string;
  readonly code: string;
}

/** The page's `ts` and `js` blocks, each pushed down to where it stands, so that errors name the page's line. */
function snippetsOf(page: string): Snippet[] {
  const text = read(page);
  return [...text.matchAll(/^```[tj]s\n(.*?)^```$/gms)].map((block, index) => {
    const above = text.slice(0, block.index).split("\n").length;
    const file = `${page.replaceAll("/", ".")}.${index + 1}.ts`;
    return { file, code: "\n".repeat(above) + block[1] };
  });
}

/** The examples of all docstrings; what they use of the package's exports is imported. */
async function docstringExamples(): Promise<Snippet[]> {
  const exported: [name: string, from: string][] = [["z", "zod"]];
  const entries: Record<string, { import?: { default: string } }> = JSON.parse(
    read("package.json"),
  ).exports;
  for (const [entry, { import: module }] of Object.entries(entries)) {
    if (module === undefined) continue;
    const names = Object.keys(await import(path.join(root, module.default)));
    const from = path.posix.join("codex-app-server", entry);
    exported.push(...names.map((name): [string, string] => [name, from]));
  }
  exported.reverse();
  const sources = readdirSync(path.join(root, "src"), { recursive: true, encoding: "utf8" })
    .map((file) => `src/${file.replaceAll(path.sep, "/")}`)
    .filter((file) => file.endsWith(".ts") && !file.includes("/generated/"));
  return sources.flatMap((source) => {
    const text = read(source);
    // A name that several entry points export is imported from the entry point of the source file, otherwise from
    // the first one.
    const own = exported.filter(([, from]) => from === `codex-app-server/${source.split("/")[1]}`);
    const importFrom = new Map([...exported, ...own]);
    const blocks = text.matchAll(/@example\n((?: *\*(?!\/| @).*\n)+)/g);
    return [...blocks].map((block, index) => {
      const code = (block[1] ?? "").replaceAll(/^ *\* ?/gm, "");
      const used = [...importFrom].filter(([name]) =>
        new RegExp(`(?<!\\w|[\\w)]\\.)${name}[.(]`).test(code),
      );
      const imports = used.map(([name, from]) => `import { ${name} } from "${from}";`).join(" ");
      const above = text.slice(0, block.index).split("\n").length;
      const file = `${source.replaceAll("/", ".")}.${index + 1}.ts`;
      return { file, code: imports + "\n".repeat(above) + code };
    });
  });
}

/** The compiler's errors. Runs inside the checkout, where the package resolves to itself by name. */
async function compile(snippets: readonly Snippet[]): Promise<string> {
  const folder = mkdtempSync(path.join(root, "dist/snippets-"));
  const write = (file: string, text: string) => writeFileSync(path.join(folder, file), text);
  try {
    for (const { file, code } of snippets) write(file, code);
    write("given.d.ts", GIVEN);
    const compilerOptions = { moduleDetection: "force" };
    const config = { extends: "../../tsconfig.json", compilerOptions, include: ["."] };
    write("tsconfig.json", JSON.stringify(config));
    const typescript = createRequire(import.meta.url).resolve("typescript/package.json");
    const tsc = path.join(path.dirname(typescript), "bin/tsc");
    const checking = promisify(execFile)(process.execPath, [tsc, "-p", "."], { cwd: folder });
    return await checking.then(
      () => "",
      (failed: { stdout: string }) => failed.stdout,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function read(page: string): string {
  return readFileSync(path.join(root, page), "utf8");
}
