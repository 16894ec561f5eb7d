import type { BigIntStats } from "node:fs";
import { lstat, readlink } from "node:fs/promises";
import { isAbsolute, join, sep } from "node:path";
import { LaunchError } from "../errors/errors.ts";
import { privateGroup } from "./private-group.ts";

/** The same limit as in Linux. */
const MAX_LINKS = 40;

/**
 * Checks that only this user or root can have created the socket or can replace it. Everything on
 * the path, including links and their targets, must belong to one of the two. Folders that others
 * can write to must have the sticky bit, which keeps users from replacing each other's files.
 * Checks nothing on Windows.
 *
 * The path is checked from the root down, so others can't replace a part that has been checked.
 *
 * @returns a value that distinguishes the socket from a later one at the same path.
 * @throws LaunchError that names the file, or the system's error for a file that doesn't exist.
 */
export async function checkSocketOwner(path: string): Promise<string> {
  const uid = process.getuid?.();
  if (uid === undefined) return "";
  const group = await privateGroup(uid);
  const waiting = ["", ...componentsOf(path)];
  let current: string = sep;
  let links = 0;
  let identity = "";
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const next = join(current, name);
    const stats = await lstat(next, { bigint: true });
    const fault = faultOf(stats, uid, group);
    if (fault !== undefined) throw untrusted(path, next, fault);
    identity = `${stats.dev}:${stats.ino}:${stats.birthtimeNs}`;
    if (!stats.isSymbolicLink()) {
      current = next;
      continue;
    }
    if (++links > MAX_LINKS)
      throw untrusted(path, next, "is part of a chain of too many symbolic links");
    const target = await readlink(next);
    waiting.unshift(...componentsOf(target));
    if (isAbsolute(target)) current = sep;
  }
  return identity;
}

function componentsOf(path: string): string[] {
  return path.split(sep).filter((name) => name !== "" && name !== ".");
}

function faultOf(stats: BigIntStats, uid: number, group: number | undefined): string | undefined {
  const owner = Number(stats.uid);
  if (owner !== uid && owner !== 0) {
    return `belongs to another user (uid ${owner}; this process has ${uid})`;
  }
  const isSticky = (stats.mode & 0o1000n) !== 0n;
  if (!stats.isDirectory() || isSticky) return undefined;
  if ((stats.mode & 0o002n) !== 0n) return "is a folder in which every user can replace files";
  if ((stats.mode & 0o020n) !== 0n && Number(stats.gid) !== group) {
    return `is a folder in which the group ${stats.gid} can replace files`;
  }
  return undefined;
}

function untrusted(path: string, file: string, fault: string): LaunchError {
  return new LaunchError(
    `The socket ${path} isn't trusted: ${file} ${fault}. ` +
      "Put the socket into a folder that only you can write to (chmod go-w), or connect with " +
      "allowOtherOwner: true if you trust the server behind it",
  );
}
