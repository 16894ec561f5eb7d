import type { MisbehavingServer } from "./misbehaving-server.ts";
import type { WorldThread } from "./world.ts";

interface Named {
  readonly threadId?: unknown;
}

export function threadOf(server: MisbehavingServer, { threadId }: Named): WorldThread {
  const thread = server.world.threads.get(String(threadId));
  if (!thread || thread.gone) throw new Error(`thread not loaded: ${threadId}`);
  return thread;
}

/** A thread that can be loaded from what was stored. */
export function writtenThread(server: MisbehavingServer, { threadId }: Named): WorldThread {
  const thread = server.world.threads.get(String(threadId));
  if (thread && thread.written(server.clock.now).length > 0) return thread;
  throw new Error(`no rollout found for thread id ${threadId}`);
}

export function loadedThread(server: MisbehavingServer, { threadId }: Named): WorldThread {
  const thread = server.world.threads.get(String(threadId));
  if (!thread?.loaded) throw new Error(`thread not found: ${threadId}`);
  return thread;
}
