import type { Codex as Client } from "../client/codex.ts";
import type { ThreadSourceKind } from "../protocol/index.ts";
import { usualThreadId } from "../util/thread-id.ts";
import type { ThreadSettings } from "./thread-settings.ts";

const UUID = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;

const ALL_KINDS: ThreadSourceKind[] = ["cli", "vscode", "exec", "appServer", "subAgent", "unknown"];

/** The id of a thread, given its id or its name; names are looked up in the working directory. */
export async function findThread(
  client: Client,
  idOrName: string,
  { cwd }: ThreadSettings,
): Promise<string | undefined> {
  if (UUID.test(idOrName)) return usualThreadId(idOrName);
  const threads = client.threads({ searchTerm: idOrName, sourceKinds: ALL_KINDS, cwd });
  for await (const { id, name } of threads) if (name === idOrName) return id;
  return undefined;
}
