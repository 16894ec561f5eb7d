import { isUnavailable } from "./history.ts";

/**
 * Resumes or forks a thread without its history in the answer, which can be long. Old servers offer that only with the
 * experimental API; without it, they send the history.
 */
export async function withoutTurns<P extends object, T>(
  params: P,
  ask: (params: P & { excludeTurns?: boolean }) => Promise<T>,
): Promise<T> {
  try {
    return await ask({ excludeTurns: true, ...params });
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return await ask(params);
  }
}
