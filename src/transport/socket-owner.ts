import type { Stats } from "node:fs";
import { lstat, realpath } from "node:fs/promises";
import { dirname } from "node:path";
import { LaunchError } from "../errors/errors.ts";

/**
 * Checks that only this user and root can have created the socket, or can replace it: the socket,
 * each folder above it and each link on the way belong to one of the two, and a world-writable
 * folder has the sticky bit, which keeps users from replacing each other's files. Not on Windows. A
 * path that doesn't exist passes, since connecting to it fails.
 *
 * @throws LaunchError that names the file and its owner.
 */
export async function checkSocketOwner(path: string): Promise<void> {
  const uid = process.getuid?.();
  if (uid === undefined) return;
  const real = await realpath(path).catch(() => path);
  for (const one of new Set([...withFolders(path), ...withFolders(real)])) {
    const stats = await lstat(one).catch(() => undefined);
    const fault = stats && faultOf(stats, uid);
    if (fault === undefined) continue;
    throw new LaunchError(
      `The socket ${path} isn't trusted: ${one} ${fault}. Connect with allowOtherOwner: true if you trust the server behind it`,
    );
  }
}

function faultOf(stats: Stats, uid: number): string | undefined {
  if (stats.uid !== uid && stats.uid !== 0) {
    return `belongs to another user (uid ${stats.uid}; this process has ${uid})`;
  }
  const [allMayWrite, isSticky] = [(stats.mode & 0o002) !== 0, (stats.mode & 0o1000) !== 0];
  if (stats.isDirectory() && allMayWrite && !isSticky) {
    return "is a folder in which every user can replace files";
  }
  return undefined;
}

function withFolders(path: string): string[] {
  const folder = dirname(path);
  return folder === path ? [path] : [path, ...withFolders(folder)];
}
