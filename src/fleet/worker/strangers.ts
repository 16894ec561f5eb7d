import { randomUUID } from "node:crypto";
import { access, copyFile, link, rename, rm } from "node:fs/promises";
import type { Codex } from "../../client/codex.ts";
import { spawnerOf } from "../../client/spawner.ts";
import type { Thread as ThreadRecord } from "../../protocol/index.ts";
import { isRefusal } from "../../thread/history.ts";
import { isErrno } from "../../util/is-errno.ts";

/**
 * Deletes threads, but keeps those that don't belong to them. An agent can load any thread of the server, and give it
 * work. The server then counts that thread as a sub-agent, and would delete it too.
 */
export async function deleteWithoutStrangers(
  codex: Codex,
  threadIds: readonly string[],
): Promise<void> {
  const strangers = await Promise.all(threadIds.map((id) => strangersBelow(codex, id, threadIds)));
  const kept = strangers.flatMap((some) => some ?? []);
  const copies = await Promise.all([...new Set(kept)].map(keep));
  try {
    for (const [index, id] of threadIds.entries()) {
      // A thread stays if it isn't known what would be deleted with it.
      if (strangers[index]) await codex.threadDelete(id).catch(() => {});
    }
  } finally {
    for (const copy of copies) await copy?.restore();
  }
}

/**
 * The histories of threads that the server counts as sub-agents of this one, although no thread of its family started
 * them; undefined if the server didn't answer.
 */
async function strangersBelow(
  codex: Codex,
  ancestorThreadId: string,
  family: readonly string[],
): Promise<readonly string[] | undefined> {
  const below = new Map<string, ThreadRecord>();
  try {
    for await (const one of codex.threads({ ancestorThreadId })) {
      // A server that doesn't know the filter lists all threads.
      if (one.parentThreadId != null) below.set(one.id, one);
    }
  } catch (error) {
    // Otherwise the server doesn't know the thread.
    if (!isRefusal(error)) return undefined;
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

/** Keeps a file under another name; undefined if it doesn't exist. */
async function keep(path: string): Promise<{ restore(): Promise<void> } | undefined> {
  const copy = `${path}.${randomUUID()}.kept`;
  try {
    await link(path, copy).catch(() => copyFile(path, copy));
  } catch (error) {
    if (isErrno(error, "ENOENT")) return undefined;
    throw error;
  }
  return {
    async restore() {
      const isThere = await access(path).then(
        () => true,
        () => false,
      );
      // Renaming one name of a file to another of its names would do nothing.
      await (isThere ? rm(copy, { force: true }) : rename(copy, path));
    },
  };
}
