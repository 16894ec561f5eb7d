import { randomUUID } from "node:crypto";
import { access, copyFile, link, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Codex } from "../../client/codex.ts";
import { spawnerOf } from "../../client/spawner.ts";
import type { Thread as ThreadRecord } from "../../protocol/index.ts";
import { isErrno } from "../../util/is-errno.ts";

/** The folders of a home that contain histories. */
const FOLDERS = ["sessions", "archived_sessions"];
/** The end of the name under which a history is kept. */
const KEPT = /(?<=.)\.[\da-f-]{36}\.kept$/;

/**
 * Deletes threads, but keeps those that don't belong to them. An agent can load any thread of the server, and give it
 * work. The server then counts that thread as a sub-agent, and would delete it too.
 * @throws the server's error if it doesn't list what would be deleted with the threads; then nothing is deleted.
 */
export async function deleteWithoutStrangers(
  codex: Codex,
  threadIds: readonly string[],
): Promise<void> {
  const strangers = await Promise.all(threadIds.map((id) => strangersBelow(codex, id, threadIds)));
  const copies: string[] = [];
  try {
    for (const path of new Set(strangers.flat())) copies.push(...(await keep(path)));
    for (const id of threadIds) await codex.threadDelete(id).catch(() => {});
  } finally {
    for (const copy of copies) await restore(copy);
  }
}

/** A history that couldn't be restored. */
export interface Unrestored {
  readonly path: string;
  readonly cause: unknown;
}

/**
 * Restores the histories that a worker kept while it deleted threads, if it ended before it could do so itself. Other
 * programs can write to a home too, so histories that can't be restored are returned, and the rest are restored.
 */
export async function restoreKept(home: string): Promise<readonly Unrestored[]> {
  const failed: Unrestored[] = [];
  for (const name of FOLDERS) {
    for await (const found of keptIn(join(home, name))) {
      if (typeof found !== "string") failed.push(found);
      else await restore(found).catch((cause) => failed.push({ path: found, cause }));
    }
  }
  return failed;
}

/** The kept histories in a folder, and the folders that can't be read. */
async function* keptIn(folder: string): AsyncGenerator<string | Unrestored> {
  try {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) yield* keptIn(path);
      else if (KEPT.test(entry.name)) yield path;
    }
  } catch (cause) {
    if (!isErrno(cause, "ENOENT")) yield { path: folder, cause };
  }
}

/** The histories of threads that the server counts as sub-agents of this one, although no thread of its family started them. */
async function strangersBelow(
  codex: Codex,
  ancestorThreadId: string,
  family: readonly string[],
): Promise<readonly string[]> {
  const below = new Map<string, ThreadRecord>();
  for await (const one of codex.threads({ ancestorThreadId })) {
    // A server that doesn't know the filter lists all threads.
    if (one.parentThreadId != null) below.set(one.id, one);
  }
  const own = new Set(family);
  const isOwn = ({ id, source }: ThreadRecord): boolean => {
    if (own.has(id)) return true;
    const isAgent = typeof source === "object" && "subAgent" in source;
    const spawner = spawnerOf(source);
    return isAgent && (spawner === undefined || own.has(spawner));
  };
  // Each level of sub-agents adds the next one.
  for (let size = -1; size !== own.size; ) {
    size = own.size;
    for (const one of below.values()) if (isOwn(one)) own.add(one.id);
  }
  return [...below.values()].flatMap(({ id, path }) => (own.has(id) || path == null ? [] : [path]));
}

/** Keeps a file under another name, which it returns; nothing if the file doesn't exist. */
async function keep(path: string): Promise<string[]> {
  const copy = `${path}.${randomUUID()}.kept`;
  try {
    await link(path, copy).catch(() => copyFile(path, copy));
    return [copy];
  } catch (error) {
    if (isErrno(error, "ENOENT")) return [];
    throw error;
  }
}

async function restore(copy: string): Promise<void> {
  const path = copy.replace(KEPT, "");
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  // Renaming one name of a file to another of its names would do nothing.
  await (isThere ? rm(copy, { force: true }) : rename(copy, path));
}
