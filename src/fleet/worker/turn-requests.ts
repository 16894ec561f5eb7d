import type { Codex } from "../../client/codex.ts";
import type { Thread } from "../../client/thread.ts";
import { UnknownRequestError } from "../../errors/request-errors.ts";
import { CodexWarning } from "../../errors/warning.ts";
import type { PendingRequest } from "../../session/pending-request.ts";
import { messageOf } from "../../util/describe.ts";
import { turnContext } from "../turn-context.ts";
import type { WaitingRequest } from "../wire.ts";
import type { Claim, TurnJob } from "./claim.ts";
import type { WorkerContext } from "./context.ts";
import { agentIdsOf } from "./local-agents.ts";

/** Shows the requests of a turn, and of its sub-agents, to all processes of the fleet. */
export class TurnRequests implements Disposable {
  readonly #context: WorkerContext;
  readonly #job: TurnJob;
  readonly #claim: Claim;
  readonly #codex: Codex;
  readonly #thread: Thread;
  /** The thread, and its sub-agents that have sent requests. */
  readonly #family = new Set<string>();
  readonly #subscriptions: readonly Disposable[];
  /** Settles when all requests so far have been written. */
  #written: Promise<void> = Promise.resolve();

  constructor(
    context: WorkerContext,
    job: TurnJob,
    claim: Claim,
    { codex, thread }: { codex: Codex; thread: Thread },
  ) {
    this.#context = context;
    this.#job = job;
    this.#claim = claim;
    this.#codex = codex;
    this.#thread = thread;
    this.#family.add(thread.id);
    this.#subscriptions = [
      codex.requests.on("added", (request) => this.#added(request)),
      codex.requests.on("settled", (request) => this.#isOurs(request) && this.hide(request.id)),
    ];
    for (const request of codex.requests.pending) {
      this.#added(request)?.catch((cause) => {
        const message = `A request of turn ${job.turn} couldn't be shown: ${messageOf(cause)}`;
        context.warn(new CodexWarning("FLEET_RETRY", message, { cause }));
      });
    }
  }

  /** Adds anything that another process must answer to the turn's requests. */
  put(id: string, waiting: WaitingRequest): Promise<void> {
    const { turn, key } = this.#job;
    return this.#set(id, this.#context.codec.encode(waiting, turnContext("request", turn, key)));
  }

  hide(id: string): Promise<void> {
    return this.#set(id, "");
  }

  /** Writes one entry after another, because a write that Redis refuses is repeated. */
  #set(id: string, data: string): Promise<void> {
    const { turn, key } = this.#job;
    const { redis } = this.#context;
    const written = this.#written.then(async () => {
      await redis.persist(() => redis.run("request", turn, key, this.#claim.epoch, id, data));
    });
    this.#written = written.catch(() => {});
    return written;
  }

  /**
   * Answers a request of this turn. The server can also have other callers' turns.
   * @throws UnknownRequestError for a request of another turn, as for one that doesn't exist.
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

  #isOurs({ threadId }: PendingRequest): boolean {
    return threadId !== undefined && this.#family.has(threadId);
  }

  #added(request: PendingRequest): Promise<void> | undefined {
    const { threadId, parentThreadId } = request;
    const isChild = parentThreadId !== undefined && this.#family.has(parentThreadId);
    if (isChild && threadId !== undefined) this.#family.add(threadId);
    if (this.#isOurs(request)) return this.#show(request);
    // The request comes from a sub-agent's sub-agent, or from another turn on this server.
    return parentThreadId === undefined ? undefined : this.#showDescendant(request);
  }

  async #showDescendant(request: PendingRequest): Promise<void> {
    for (const id of await agentIdsOf(this.#thread)) this.#family.add(id);
    const isPending = this.#codex.requests.get(request.id) !== undefined;
    if (isPending && this.#isOurs(request)) await this.#show(request);
  }

  #show(request: PendingRequest): Promise<void> {
    const { id: worker } = this.#context;
    return this.put(request.id, { type: "request", worker, data: request.toJSON() });
  }
}
