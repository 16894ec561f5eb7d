import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");
const docs = readdirSync(path.join(root, "docs")).filter((file) => file.endsWith(".md"));
const pages = ["README.md", ...docs.map((file) => `docs/${file}`)];

/** What a snippet may use without making it: one that makes its own hides these. */
const GIVEN = `
import type { Codex, Thread, Turn } from "codex-app-server";
import type { ScriptedModel } from "codex-app-server/testing";
declare global {
  const codex: Codex;
  const thread: Thread;
  const turn: Turn;
  const model: ScriptedModel;
}
`;

test("every snippet of the documents type-checks against the built package", async () => {
  const snippets = pages.flatMap(snippetsOf);
  expect(snippets.length).toBeGreaterThan(pages.length);
  expect(await compile(snippets)).toBe("");
});

test("every file that the documents link to exists", () => {
  const missing = pages.flatMap((page) => {
    const folder = path.join(root, path.dirname(page));
    const links = read(page).matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g);
    return [...links].flatMap(([, to = ""]) =>
      readdirSync(path.join(folder, path.dirname(to))).includes(path.basename(to)) ? [] : [to],
    );
  });
  expect(missing).toEqual([]);
});

interface Snippet {
  readonly file: string;
  readonly code: string;
}

/** The page's `ts` blocks, each pushed down to where it stands, so that errors name the page's line. */
function snippetsOf(page: string): Snippet[] {
  const text = read(page);
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map((block, index) => {
    const above = text.slice(0, block.index).split("\n").length;
    const file = `${page.replaceAll("/", ".")}.${index + 1}.ts`;
    return { file, code: "\n".repeat(above) + block[1] };
  });
}

/** What the compiler has to say. Inside the checkout, where the package finds itself by its name. */
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
