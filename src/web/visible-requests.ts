import type { LiveRequests } from "../bridge/messages.ts";
import type { Codex } from "../client/codex.ts";
import { EventLog } from "./event-log.ts";
import type { HandlerOptions } from "./options.ts";
import { pageRequest } from "./page-requests.ts";
import type { RequestThreads } from "./request-threads.ts";

/** The size of each reader's log. It can be small, because the whole state is usually small. */
const LOG_BYTES = 256 * 1024;

/** Where pending requests come from. */
export interface RequestSource {
  readonly codex: Codex;
  readonly requestThreads: RequestThreads;
  readonly options: Pick<HandlerOptions, "lastingAnswers">;
}

/** Whether the user may see the requests of a thread, or the requests without a thread. */
export type MaySee = (threadId: string | undefined) => Promise<boolean>;

/** The pending requests that the user may see. */
export async function visibleRequests(
  { codex, requestThreads, options }: RequestSource,
  maySee: MaySee,
): Promise<LiveRequests> {
  const all = await Promise.all(
    codex.requests.pending.map(async (request) => {
      return (await maySee(requestThreads.of(request)))
        ? [pageRequest(request, options.lastingAnswers)]
        : [];
    }),
  );
  return { requests: all.flat() };
}

/** The pending requests that one reader may see, as events. Close it when the reader has left. */
export class RequestsFeed {
  readonly log: EventLog<LiveRequests>;
  readonly #source: RequestSource;
  readonly #authorize: MaySee;
  readonly #allowed = new Map<string | undefined, Promise<boolean>>();
  readonly #listening: readonly Disposable[];
  #isReading = false;
  #isAsked = false;

  private constructor(source: RequestSource, authorize: MaySee, state: LiveRequests) {
    this.#source = source;
    this.#authorize = authorize;
    this.log = new EventLog(state, LOG_BYTES, { isShared: false });
    const changed = () => void this.#changed();
    this.#listening = [
      source.codex.requests.on("added", changed),
      source.codex.requests.on("settled", changed),
    ];
    changed();
  }

  static async open(source: RequestSource, authorize: MaySee): Promise<RequestsFeed> {
    return new RequestsFeed(source, authorize, await visibleRequests(source, authorize));
  }

  /** Checks again what the reader may see. */
  recheck(): void {
    this.#allowed.clear();
    void this.#changed();
  }

  close(): void {
    for (const one of this.#listening) one[Symbol.dispose]();
    this.log.close();
  }

  async #changed(): Promise<void> {
    this.#isAsked = true;
    if (this.#isReading) return;
    this.#isReading = true;
    while (this.#isAsked && !this.log.isClosed) {
      this.#isAsked = false;
      const state = await visibleRequests(this.#source, (threadId) => this.#maySee(threadId));
      if (!this.log.isClosed) this.log.publish(state);
    }
    this.#isReading = false;
  }

  #maySee(threadId: string | undefined): Promise<boolean> {
    let allowed = this.#allowed.get(threadId);
    if (!allowed) {
      allowed = this.#authorize(threadId);
      this.#allowed.set(threadId, allowed);
    }
    return allowed;
  }
}
