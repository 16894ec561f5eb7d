import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The root of the Git working tree that contains the directory; undefined if there is none. */
export function gitRootOf(directory: string): string | undefined {
  for (let folder = directory; ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".git"))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}
