import type { Codex } from "../../client/codex.ts";
import { UnknownRequestError } from "../../errors/request-errors.ts";
import type { PendingRequest } from "../../session/pending-request.ts";
import type { WaitingRequest } from "../wire.ts";
import type { Claim, TurnJob } from "./claim.ts";
import type { WorkerContext } from "./context.ts";

/** Shows the requests of a turn, and of its sub-agents, to all processes of the fleet. */
export class TurnRequests implements Disposable {
  readonly #context: WorkerContext;
  readonly #job: TurnJob;
  readonly #claim: Claim;
  readonly #codex: Codex;
  readonly #threadId: string;
  readonly #subscriptions: readonly Disposable[];

  constructor(
    context: WorkerContext,
    job: TurnJob,
    claim: Claim,
    { codex, threadId }: { codex: Codex; threadId: string },
  ) {
    this.#context = context;
    this.#job = job;
    this.#claim = claim;
    this.#codex = codex;
    this.#threadId = threadId;
    this.#subscriptions = [
      codex.requests.on("added", (request) => this.#isOurs(request) && this.#show(request)),
      codex.requests.on("settled", (request) => this.#isOurs(request) && this.hide(request.id)),
    ];
    for (const request of codex.requests.pending) if (this.#isOurs(request)) this.#show(request);
  }

  /** Adds anything that another process must answer to the turn's requests. */
  async put(id: string, waiting: WaitingRequest): Promise<void> {
    const { turn, key } = this.#job;
    const data = this.#context.codec.encode(waiting, `request ${turn}`);
    await this.#context.redis.run("request", turn, key, this.#claim.epoch, id, data);
  }

  async hide(id: string): Promise<void> {
    const { turn, key } = this.#job;
    await this.#context.redis.run("request", turn, key, this.#claim.epoch, id, "");
  }

  /**
   * Answers a request of this turn: the server can have other turns, which are not the caller's.
   * @throws UnknownRequestError for theirs, as for one that doesn't exist.
   */
  async answer(id: string, optionId: string, content: unknown): Promise<void> {
    const { requests } = this.#codex;
    const request = requests.get(id);
    if (request && !this.#isOurs(request)) throw new UnknownRequestError(id);
    await requests.answer(id, optionId, content);
  }

  [Symbol.dispose](): void {
    for (const subscription of this.#subscriptions) subscription[Symbol.dispose]();
  }

  #isOurs({ threadId, parentThreadId }: PendingRequest): boolean {
    return threadId === this.#threadId || parentThreadId === this.#threadId;
  }

  #show(request: PendingRequest): Promise<void> {
    const { id: worker } = this.#context;
    return this.put(request.id, { type: "request", worker, data: request.toJSON() });
  }
}
