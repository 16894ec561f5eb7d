import { InvalidAnswerError } from "../errors/request-errors.ts";
import type { PendingRequestData } from "../requests/pending-request-data.ts";
import type { PendingRequest } from "../session/pending-request.ts";

/**
 * The data of each request without its lasting options: the same object each time, because readers
 * compare objects by identity.
 */
const WITHOUT_LASTING = new WeakMap<PendingRequestData, PendingRequestData>();

/**
 * The data of a request for a page. Unless `lastingAnswers` is set, it has no options that the server
 * stores as rules for all threads: they would affect other users.
 */
export function pageRequest(request: PendingRequest, lastingAnswers = false): PendingRequestData {
  const data = request.toJSON();
  if (lastingAnswers || !data.options.some(({ lasting }) => lasting)) return data;
  const known = WITHOUT_LASTING.get(data);
  if (known) return known;
  const shown = { ...data, options: data.options.filter(({ lasting }) => !lasting) };
  WITHOUT_LASTING.set(data, shown);
  return shown;
}

/**
 * Gives the answer that a page has chosen.
 * @throws InvalidAnswerError if `pageRequest` doesn't show the option. RequestSettledError.
 */
export async function pageAnswer(
  request: PendingRequest,
  { optionId, content }: { readonly optionId: string; readonly content: unknown },
  lastingAnswers = false,
): Promise<void> {
  const option = request.options.find(({ id }) => id === optionId);
  if (option?.lasting && !lastingAnswers) {
    const what = `chooses the option "${option.id}", which would apply to all threads of the server`;
    throw new InvalidAnswerError(
      request.id,
      `${what}; pages can choose it if lastingAnswers is set`,
    );
  }
  await request.answer(optionId, content);
}
