import type { ThreadResumeResponse } from "../protocol/index.ts";
import { selectEnvironments } from "./environments.ts";
import { isBeforeFirstTurn } from "./history.ts";
import type { KeptSettings } from "./kept-settings.ts";
import { withoutTurns } from "./without-turns.ts";

interface Resumable {
  readonly id: string;
  readonly profile: {
    readonly isEphemeral: boolean;
    readonly settings: KeptSettings;
    isElsewhere: boolean;
  };
  opened(answer: unknown, requestId: number): void;
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
  const params = { ...settings, threadId: thread.id };
  const onResult = (result: unknown, id: number) => thread.opened(result, id);
  try {
    const answer = (await withoutTurns(params, (asked) =>
      ask("thread/resume", asked, onResult),
    )) as ThreadResumeResponse;
    // If the server doesn't know an environment, it also refuses everything that would run commands.
    await selectEnvironments(thread, ask).catch(() => {});
    return answer;
  } catch (error) {
    if (!isBeforeFirstTurn(error) || thread.profile.isEphemeral) throw error;
    return undefined;
  }
}
