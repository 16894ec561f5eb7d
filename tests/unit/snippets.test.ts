import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");
const docs = readdirSync(path.join(root, "docs"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".md"))
  .map((file) => `docs/${file.replaceAll(path.sep, "/")}`);
const pages = ["README.md", ...docs];

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
