import type { Stats } from "node:fs";
import { lstat, readlink } from "node:fs/promises";
import { isAbsolute, join, parse, sep } from "node:path";

/** As many links as Linux follows. */
const MAX_LINKS = 40;
/** Longer paths are refused by every system. */
const MAX_CHARS = 4096;
/** Where links lead there depends on the process that follows them. */
const OF_A_PROCESS = /^\/(?:proc|dev\/fd)(?:\/|$)/;

/** What is at a path. */
export interface Found {
  /** The path without links, even if the file or some of its folders don't exist. */
  readonly target: string;
  readonly exists: boolean;
}

/**
 * Follows the links in an absolute path as the system does: `..` after a link leaves the folder that the link leads to.
 * `keepLast`: a link at the end of the path isn't followed, as when a file is deleted.
 * @throws if the path can't be followed, or leads somewhere else for other processes.
 */
export async function realPath(
  path: string,
  { keepLast = false }: { readonly keepLast?: boolean } = {},
): Promise<Found> {
  if (!isAbsolute(path) || path.length > MAX_CHARS || path.includes("\0")) {
    throw new Error("no system takes this path");
  }
  const { root } = parse(path);
  // In reverse order, because the next name is taken from the end.
  const names = namesIn(path.slice(root.length)).reverse();
  let at = root;
  let isMissing = false;
  for (let links = 0, name = names.pop(); name !== undefined; name = names.pop()) {
    const place = join(at, name);
    const stats: Stats | undefined = name === ".." || isMissing ? undefined : await statsOf(place);
    if (name !== "..") isMissing ||= stats === undefined;
    if (!stats?.isSymbolicLink() || (keepLast && names.length === 0)) {
      at = place;
      continue;
    }
    if (OF_A_PROCESS.test(place) || ++links > MAX_LINKS) throw new Error("not the same for all");
    const target = await readlink(place);
    if (isAbsolute(target)) at = parse(target).root;
    names.push(...namesIn(target.slice(isAbsolute(target) ? at.length : 0)).reverse());
  }
  return { target: at, exists: !isMissing };
}

function namesIn(path: string): string[] {
  const names = path.split(sep === "\\" ? /[\\/]/ : "/");
  return names.filter((name) => name !== "" && name !== ".");
}

/** Undefined if nothing is there. */
async function statsOf(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}
