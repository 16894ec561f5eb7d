import { type Digest, digest } from "./digest.ts";
import type { RequestId, ServerRequest } from "./messages.ts";

const MAX_ANSWERS = 256;
/** Total size of the kept answers and the params of their requests. */
const MAX_CHARS = 4 * 2 ** 20;
/** Number of requests whose answers aren't kept. */
const MAX_DIGESTS = 1_024;

interface Answer {
  readonly request: ServerRequest;
  readonly digest: Digest;
  readonly text: string;
}

/**
 * The answers that were sent, in case the server repeats a request. The log is bounded: of old
 * answers only a digest is kept, and finally nothing. A restarted server counts ids from 0 again,
 * so a request is recognised only if all of it is the same.
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

  /** The answer to this request; "dropped" if it was answered, but the answer isn't kept. */
  find(request: ServerRequest): { readonly text: string } | "dropped" | undefined {
    const answer = this.#answers.get(request.id);
    const hash = answer?.digest.hash ?? this.#digests.get(request.id);
    if (hash === undefined || hash !== digestOf(request).hash) return undefined;
    return answer ?? "dropped";
  }

  /** Forgets the answer with this id. */
  delete(id: RequestId): void {
    const answer = this.#answers.get(id);
    if (answer) this.#remove(answer);
    this.#digests.delete(id);
  }

  /** Removes the answers to the requests that match. */
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

/** Whether the two are the same request, sent twice. */
export function isSameRequest(one: ServerRequest, other: ServerRequest): boolean {
  return one.id === other.id && digestOf(one).hash === digestOf(other).hash;
}

function digestOf({ method, params }: ServerRequest): Digest {
  return digest([method, params]);
}

function charsOf({ text, digest }: Answer): number {
  return text.length + digest.chars;
}
