import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** Whether the directory or one above it is the root of a Git working tree. */
export function isInGitRepository(directory: string): boolean {
  for (let folder = directory; ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".git"))) return true;
    if (folder === dirname(folder)) return false;
  }
}
