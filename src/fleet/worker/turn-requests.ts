import type { Codex } from "../../client/codex.ts";
import type { PendingRequest } from "../../session/pending-request.ts";
import type { WaitingRequest } from "../wire.ts";
import type { Claim, TurnJob } from "./claim.ts";
import type { WorkerContext } from "./context.ts";

/** Shows the requests of a turn, and of its sub-agents, to all processes of the fleet. */
export class TurnRequests implements Disposable {
  readonly #context: WorkerContext;
  readonly #job: TurnJob;
  readonly #claim: Claim;
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
    const isOurs = (request: PendingRequest) =>
      request.threadId === threadId || request.parentThreadId === threadId;
    this.#subscriptions = [
      codex.requests.on("added", (request) => isOurs(request) && this.#show(request)),
      codex.requests.on("settled", (request) => isOurs(request) && this.hide(request.id)),
    ];
    for (const request of codex.requests.pending) if (isOurs(request)) this.#show(request);
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

  [Symbol.dispose](): void {
    for (const subscription of this.#subscriptions) subscription[Symbol.dispose]();
  }

  #show(request: PendingRequest): Promise<void> {
    const { id: worker } = this.#context;
    return this.put(request.id, { type: "request", worker, data: request.toJSON() });
  }
}
