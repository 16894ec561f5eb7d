import { type Dirent, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The contents of all files below a folder, joined. A process may still change the folder: what is deleted while this
 * reads it doesn't count.
 */
export function textBelow(folder: string): string {
  return (unlessGone(() => readdirSync(folder, { withFileTypes: true })) ?? [])
    .map((entry: Dirent) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return textBelow(path);
      return entry.isFile() ? (unlessGone(() => readFileSync(path, "latin1")) ?? "") : "";
    })
    .join("\n");
}

function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
