import type { PendingRequestData } from "../requests/pending-request-data.ts";

/** The data of a pending request, which can be sent as JSON. */
export class RequestFields implements PendingRequestData {
  readonly id: PendingRequestData["id"];
  readonly kind: PendingRequestData["kind"];
  readonly threadId: PendingRequestData["threadId"];
  readonly parentThreadId: PendingRequestData["parentThreadId"];
  readonly turnId: PendingRequestData["turnId"];
  readonly entryId: PendingRequestData["entryId"];
  readonly title: PendingRequestData["title"];
  readonly detail: PendingRequestData["detail"];
  readonly options: PendingRequestData["options"];
  readonly form: PendingRequestData["form"];
  readonly arrivedAt: PendingRequestData["arrivedAt"];
  readonly #data: PendingRequestData;

  constructor(data: PendingRequestData) {
    this.id = data.id;
    this.kind = data.kind;
    this.threadId = data.threadId;
    this.parentThreadId = data.parentThreadId;
    this.turnId = data.turnId;
    this.entryId = data.entryId;
    this.title = data.title;
    this.detail = data.detail;
    this.options = data.options;
    this.form = data.form;
    this.arrivedAt = data.arrivedAt;
    this.#data = data;
  }

  toJSON(): PendingRequestData {
    return this.#data;
  }
}

/** A server request that is waiting for an answer. `JSON.stringify` converts it to plain data. */
export class PendingRequest extends RequestFields {
  readonly #answer: (optionId: string, content: unknown) => Promise<void>;

  /** Created by the client. */
  constructor(
    data: PendingRequestData,
    answer: (optionId: string, content: unknown) => Promise<void>,
  ) {
    super(data);
    this.#answer = answer;
  }

  /**
   * Answers the request with one of its options, and with content if it has a form. See
   * `codex.requests.answer`.
   * @throws RequestSettledError if it has already been answered or is no longer needed.
   * @throws InvalidAnswerError for an unknown option, or content that doesn't match the form; the
   * request stays pending.
   */
  answer(optionId: string, content?: unknown): Promise<void> {
    return this.#answer(optionId, content);
  }
}
