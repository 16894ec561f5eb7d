import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ownModules } from "../process/own-modules.ts";

export interface PageFile {
  readonly type: string;
  readonly content: Buffer;
}

const TYPES = {
  "index.html": "text/html; charset=utf-8",
  "app.js": "text/javascript; charset=utf-8",
  "app.css": "text/css; charset=utf-8",
  "icon.svg": "image/svg+xml",
} as const;

/** Where the build writes the page, relative to `dist/chunks` and to `src/process`. */
const FOLDERS = ["../inspect", "../../dist/inspect"];

/**
 * The files of the page, by name.
 * @throws Error if they don't exist.
 */
export function pageFiles(): ReadonlyMap<string, PageFile> {
  const here = path.dirname(fileOf(ownModules()[0] ?? ""));
  const folders = FOLDERS.map((folder) => path.resolve(here, folder));
  for (const folder of folders) {
    try {
      return filesIn(folder);
    } catch {
      // Try the next folder.
    }
  }
  throw new Error(
    `The inspector's page was not found in ${folders.join(" or ")}. If your program is bundled, leave codex-app-server out of the bundle; in a clone of the repository, run "npm run build"`,
  );
}

function fileOf(module: string): string {
  return module.startsWith("file:") ? fileURLToPath(module) : module;
}

function filesIn(folder: string): ReadonlyMap<string, PageFile> {
  return new Map(
    Object.entries(TYPES).map(([name, type]) => [
      name,
      { type, content: readFileSync(path.join(folder, name)) },
    ]),
  );
}
