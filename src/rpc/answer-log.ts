import { type Digest, digest } from "./digest.ts";
import type { RequestId, ServerRequest } from "./messages.ts";

const MAX_ANSWERS = 256;
/** Of the kept answers and the params of their requests together. */
const MAX_CHARS = 4 * 2 ** 20;
/** Of requests whose answer is not kept. */
const MAX_DIGESTS = 1_024;

interface Answer {
  readonly request: ServerRequest;
  readonly digest: Digest;
  readonly text: string;
}

/**
 * The answers that were sent, for a server that asks again. Bounded: of the oldest only a digest
 * stays, and in the end nothing. Ids are unique to a server process only, since a restarted one
 * counts from 0 again: a request is known when all of it is the same.
 */
export class AnswerLog {
  readonly #keepsAnswers: boolean;
  readonly #answers = new Map<RequestId, Answer>();
  #chars = 0;
  readonly #digests = new Map<RequestId, string>();

  constructor(options: { readonly keepsAnswers: boolean }) {
    this.#keepsAnswers = options.keepsAnswers;
  }

  add(request: ServerRequest, text: string): void {
    const answer: Answer = { request, text, digest: digestOf(request) };
    this.#answers.set(request.id, answer);
    this.#chars += charsOf(answer);
    for (const [, oldest] of this.#answers) {
      if (this.#fits()) break;
      this.#drop(oldest);
    }
  }

  /** The answer that this request got; "dropped" when it got one that is not kept. */
  find(request: ServerRequest): { readonly text: string } | "dropped" | undefined {
    const answer = this.#answers.get(request.id);
    const hash = answer?.digest.hash ?? this.#digests.get(request.id);
    if (hash === undefined || hash !== digestOf(request).hash) return undefined;
    return answer ?? "dropped";
  }

  /** Removes all that is known of this id. */
  delete(id: RequestId): void {
    const answer = this.#answers.get(id);
    if (answer) this.#remove(answer);
    this.#digests.delete(id);
  }

  /** Removes the answers to the requests that fit. */
  forget(predicate: (request: ServerRequest) => boolean): void {
    for (const answer of this.#answers.values()) {
      if (predicate(answer.request)) this.#remove(answer);
    }
  }

  clear(): void {
    this.#answers.clear();
    this.#digests.clear();
    this.#chars = 0;
  }

  #fits(): boolean {
    if (!this.#keepsAnswers) return this.#answers.size === 0;
    return this.#answers.size <= MAX_ANSWERS && this.#chars <= MAX_CHARS;
  }

  #drop(answer: Answer): void {
    this.#remove(answer);
    this.#digests.set(answer.request.id, answer.digest.hash);
    for (const [oldest] of this.#digests) {
      if (this.#digests.size <= MAX_DIGESTS) break;
      this.#digests.delete(oldest);
    }
  }

  #remove(answer: Answer): void {
    this.#answers.delete(answer.request.id);
    this.#chars -= charsOf(answer);
  }
}

/** Whether the two are one request, asked twice. */
export function isSameRequest(one: ServerRequest, other: ServerRequest): boolean {
  return one.id === other.id && digestOf(one).hash === digestOf(other).hash;
}

function digestOf({ method, params }: ServerRequest): Digest {
  return digest([method, params]);
}

function charsOf({ text, digest }: Answer): number {
  return text.length + digest.chars;
}
