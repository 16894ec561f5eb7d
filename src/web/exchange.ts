import { createHash } from "node:crypto";
import type { Codex } from "../client/codex.ts";
import type { Thread } from "../client/thread.ts";
import { type Body, readBody } from "./body.ts";
import { forbidden, report } from "./errors.ts";
import type { Feeds } from "./feeds.ts";
import type {
  HandlerActionKind,
  HandlerOptions,
  HandlerThreadOptions,
  HandlerTurnOptions,
  Limits,
} from "./options.ts";
import type { BusyLimit, RateLimit } from "./rate-limit.ts";
import type { RequestThreads } from "./request-threads.ts";
import type { SealedCursors } from "./sealed-cursors.ts";
import type { Streams } from "./streams.ts";
import type { ThreadFeed } from "./thread-feed.ts";
import type { TurnInput } from "./turn-input.ts";

/** The parts of a handler. */
export interface HandlerParts {
  readonly codex: Codex;
  readonly options: HandlerOptions;
  readonly limits: Limits;
  readonly feeds: Feeds;
  readonly streams: Streams;
  readonly rate: RateLimit;
  readonly busy: BusyLimit;
  readonly requestThreads: RequestThreads;
  readonly cursors: SealedCursors;
  readonly turnInput: TurnInput;
}

/** A request to the handler, and checks of what it may do. */
export class Exchange {
  readonly parts: HandlerParts;
  readonly request: Request;
  readonly url: URL;
  /** The client whose limits the request counts against. */
  readonly client: string;

  constructor(parts: HandlerParts, request: Request) {
    this.parts = parts;
    this.request = request;
    this.url = new URL(request.url);
    this.client = parts.options.clientOf?.(request) ?? credentialsOf(request);
  }

  /**
   * Admits the request to an action, and counts it.
   * @throws HttpError if the action isn't allowed.
   */
  async admit(kind: HandlerActionKind, threadId?: string): Promise<void> {
    if (!(await this.may(kind, threadId))) throw forbidden();
    this.count();
  }

  /** @throws HttpError if the client has sent too many requests. */
  count(): void {
    this.parts.rate.count(this.client);
  }

  /** Whether the request may do something. Only `true` allows it, so that a mistake in `authorize` doesn't. */
  async may(kind: HandlerActionKind, threadId?: string): Promise<boolean> {
    const { authorize, onError } = this.parts.options;
    try {
      return (await authorize(this.request, { kind, threadId })) === true;
    } catch (error) {
      report(error, this.request, onError);
      return false;
    }
  }

  /** Whether the request may see the pending requests of a thread, or the ones without a thread. */
  async maySeeRequests(threadId: string | undefined): Promise<boolean> {
    return threadId === undefined ? this.mayAnswer(threadId) : this.may("thread.read", threadId);
  }

  /**
   * Whether the request may answer the pending requests of a thread, or the ones without a thread.
   */
  async mayAnswer(threadId: string | undefined): Promise<boolean> {
    if (threadId === undefined && !this.parts.options.requestsWithoutThread) return false;
    return this.may("request.answer", threadId);
  }

  body(): Promise<Body> {
    return readBody(this.request, this.parts.limits);
  }

  thread(threadId: string): Promise<Thread> {
    return this.parts.feeds.threads.get(threadId, () => this.threadOptions(undefined, threadId));
  }

  feed(threadId: string): Promise<{ readonly feed: ThreadFeed; readonly release: () => void }> {
    return this.parts.feeds.use(threadId, () => this.threadOptions(undefined, threadId));
  }

  async threadOptions(asked: unknown, threadId?: string): Promise<HandlerThreadOptions> {
    const { threadOptions = {} } = this.parts.options;
    return typeof threadOptions === "function"
      ? await threadOptions(this.request, asked, threadId)
      : threadOptions;
  }

  async turnOptions(asked: unknown): Promise<HandlerTurnOptions> {
    const { turnOptions = {} } = this.parts.options;
    return typeof turnOptions === "function" ? await turnOptions(this.request, asked) : turnOptions;
  }
}

/** A digest of the request's credentials: many clients are remembered, and headers are long and contain secrets. */
function credentialsOf({ headers }: Request): string {
  const given = `${headers.get("authorization") ?? ""}\n${headers.get("cookie") ?? ""}`;
  return createHash("sha256").update(given).digest("base64");
}
