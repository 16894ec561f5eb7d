// The protocol of a server, as types: what `codex app-server generate-ts` writes.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

// Types that exist twice with different shapes: the older, top-level one takes the second name.
const renamed = { SessionSource: "CoreSessionSource", WebSearchAction: "CoreWebSearchAction" };

/** The files that the program of `@openai/codex` generates, sorted, as { path, text }. */
export function protocolFiles(program) {
  const out = mkdtempSync(join(tmpdir(), "codex-protocol-"));
  try {
    const args = [program, "app-server", "generate-ts", "--experimental", "--out", out];
    execFileSync(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
    return readdirSync(out, { recursive: true })
      .map((path) => String(path).replaceAll("\\", "/"))
      .filter((path) => path.endsWith(".ts") && basename(path) !== "index.ts")
      .sort()
      .map((path) => ({ path, text: readFileSync(join(out, path), "utf8") }));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** SHA-256 of all files. */
export function digestOf(files) {
  const hash = createHash("sha256");
  for (const { path, text } of files) hash.update(`${path}\n${text}\n`);
  return hash.digest("hex");
}

/** All declarations by name, with their comments. */
export function declarationsIn(files) {
  const found = new Map();
  for (const { path, text } of files) {
    const name = basename(path, ".ts");
    const nested = path.includes("/");
    const start = text.search(/^(\/\*\*|export type)/m);
    let body = text.slice(start).trim();
    if (!body.includes(`export type ${name}`)) throw new Error(`${path} doesn't declare ${name}`);
    // The generator writes bigint for 64-bit integers; JSON.parse returns numbers.
    body = body.replace(/\bbigint\b/g, "number");
    const finalName = nested ? name : (renamed[name] ?? name);
    if (finalName !== name) body = body.replace(`export type ${name}`, `export type ${finalName}`);
    if (!nested) for (const used of importedNames(text)) body = rename(body, used);
    const existing = found.get(finalName);
    if (existing && shape(existing) !== shape(body)) {
      throw new Error(`${finalName} is declared twice with different shapes: add it to "renamed"`);
    }
    if (!existing || body.length > existing.length) found.set(finalName, body);
  }
  return found;
}

/** Names that a top-level file imports from its own folder, where a renamed type means the older one. */
function importedNames(text) {
  const names = [...text.matchAll(/^import type \{ (\w+) \} from "\.\/(\w+)";$/gm)].map(
    (m) => m[1],
  );
  return names.filter((name) => name in renamed);
}

function rename(body, name) {
  return body.replace(new RegExp(`\\b${name}\\b`, "g"), renamed[name]);
}

function shape(body) {
  return body.slice(body.indexOf("export type")).replace(/\s+/g, " ");
}
