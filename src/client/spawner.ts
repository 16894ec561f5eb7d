import { isRecord } from "../util/describe.ts";

/** What a thread's `source` contains about its start as a sub-agent; empty for other threads. */
export function spawnOf(source: unknown): Readonly<Record<string, unknown>> {
  const subAgent = isRecord(source) ? source.subAgent : undefined;
  const spawn = isRecord(subAgent) ? subAgent.thread_spawn : undefined;
  return isRecord(spawn) ? spawn : {};
}

/** The thread that started this one, according to its `source`. */
export function spawnerOf(source: unknown): string | undefined {
  const spawner = spawnOf(source).parent_thread_id;
  return typeof spawner === "string" && spawner !== "" ? spawner : undefined;
}
