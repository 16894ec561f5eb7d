import type { ThreadResumeResponse } from "../protocol/index.ts";
import { isRecord } from "../util/describe.ts";
import { selectEnvironments } from "./environments.ts";
import { isBeforeFirstTurn } from "./history.ts";
import type { KeptSettings } from "./kept-settings.ts";

interface Resumable {
  readonly id: string;
  readonly profile: { readonly isEphemeral: boolean; readonly settings: KeptSettings };
  opened(thread: unknown, requestId: number): void;
}

type Ask = (
  method: string,
  params: object,
  onResult?: (result: unknown, id: number) => void,
) => Promise<unknown>;

/**
 * Subscribes to a thread: `thread/resume`. The answer is applied in wire order. Returns undefined
 * for a thread without a turn: it can't be resumed before its first turn has started.
 */
export async function askToResume(
  thread: Resumable,
  ask: Ask,
): Promise<ThreadResumeResponse | undefined> {
  const { environments: _, ...settings } = thread.profile.settings;
  const params = { ...settings, threadId: thread.id, excludeTurns: true };
  const onResult = (result: unknown, id: number) =>
    thread.opened(isRecord(result) ? result.thread : undefined, id);
  try {
    const answer = (await ask("thread/resume", params, onResult)) as ThreadResumeResponse;
    await selectEnvironments(thread, ask);
    return answer;
  } catch (error) {
    if (!isBeforeFirstTurn(error) || thread.profile.isEphemeral) throw error;
    return undefined;
  }
}
