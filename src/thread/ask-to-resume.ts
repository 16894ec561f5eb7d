import type { ThreadResumeResponse } from "../protocol/index.ts";
import { orAborted } from "../util/abort.ts";
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

interface Unsubscribed extends Resumable {
  readonly profile: Resumable["profile"] & { readonly certainty: Promise<void> };
  readonly subscription: { readonly isActive: boolean };
  readonly starts: { readonly refusal: Error | undefined };
}

/** Like `askToResume`, when it is known which settings the thread has, because loading the thread sets them. */
export async function resumeWhenCertain(
  thread: Unsubscribed,
  ask: Ask,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { refusal } = thread.starts;
  await orAborted(thread.profile.certainty, signal);
  // The user may have unsubscribed in the meantime.
  if (thread.starts.refusal && thread.starts.refusal !== refusal) throw thread.starts.refusal;
  if (!thread.subscription.isActive) await askToResume(thread, ask);
}

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
