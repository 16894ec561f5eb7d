import type { PendingRequestData } from "../../requests/pending-request-data.ts";
import type { PendingRequest } from "../../session/pending-request.ts";
import { records } from "../../timeline/foreign.ts";
import { isRecord } from "../../util/describe.ts";
import { textOf } from "../../util/text-of.ts";
import { pageAnswer } from "../page-requests.ts";
import type { RunInterrupt } from "./event.ts";

/** Converts a pending request to an interrupt. */
export function interruptOf(request: PendingRequestData, toolCallId: string): RunInterrupt {
  const { id, kind, title, options, form } = request;
  const option = { enum: [...new Set([...options.map((one) => one.id), "decline"])] };
  return {
    ...{ id, reason: `codex:${kind}`, message: title, toolCallId },
    responseSchema: {
      type: "object",
      properties: { option, ...(form && { content: form }) },
      required: ["option"],
    },
    metadata: { codex: { request } },
  };
}

/** The answers to the interrupts of an earlier run. */
export class Answers {
  readonly #entries: ReadonlyMap<unknown, { readonly [name: string]: unknown }>;
  readonly #lastingAnswers: boolean | undefined;
  /** Requests whose answer is being sent, or has been accepted. */
  readonly given: Set<string> = new Set();

  /** `resume`: what the front end sent, which can be anything. */
  constructor(resume: readonly unknown[], lastingAnswers: boolean | undefined) {
    this.#lastingAnswers = lastingAnswers;

    this.#entries = new Map(records(resume).map((entry) => [entry.interruptId, entry]));
  }

  /**
   * Answers a request if one of the entries answers it; rejects if the request doesn't allow the
   * answer.
   */
  give(request: PendingRequest): Promise<void> | undefined {
    const entry = this.#entries.get(request.id);
    if (!entry) return undefined;
    this.given.add(request.id);
    return this.#give(request, entry.status, entry.payload);
  }

  async #give(request: PendingRequest, status: unknown, payload: unknown): Promise<void> {
    const { option, content } = isRecord(payload) ? payload : {};
    try {
      if (status === "cancelled") await request.answer("decline");
      else {
        const answer = { optionId: textOf(option), content };
        await pageAnswer(request, answer, this.#lastingAnswers);
      }
    } catch (error) {
      this.given.delete(request.id);
      throw error;
    }
  }
}
