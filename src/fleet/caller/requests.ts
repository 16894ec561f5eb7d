import { UnknownTurnError } from "../../errors/fleet-errors.ts";
import { RequestSettledError, UnknownRequestError } from "../../errors/request-errors.ts";
import { CodexWarning } from "../../errors/warning.ts";
import type { PendingRequestData } from "../../requests/pending-request-data.ts";
import { checkListener } from "../../util/checks.ts";
import { messageOf } from "../../util/describe.ts";
import { Leavable } from "../../util/leavable.ts";
import { partsOfKey } from "../redis/keys.ts";
import { fleetRequestId, turnOfRequest } from "../request-id.ts";
import type { TurnToRead } from "../turn-context.ts";
import { sendCommand } from "./commands.ts";
import type { FleetContext } from "./context.ts";
import { type FleetWaitOptions, Wake, waitLimit } from "./wait.ts";
import { waitingRequest } from "./waiting-request.ts";

/** How long a listener waits for a notification before it checks for itself. */
const RECHECK_MS = 3_000;

/** A pending request of a turn in the fleet. */
export interface FleetRequest extends PendingRequestData {
  /** The turn's id in the fleet. */
  readonly turn: string;
  readonly thread: string;
  readonly tenant: string;
  /** The worker whose server sent the request. */
  readonly worker: string;
}

/**
 * The pending requests of the whole fleet or of one turn: approvals, questions and elicitations. The
 * workers' clients need `approvals: "ask"`.
 *
 * @example
 * const fleet = new Fleet({ connection: "redis://127.0.0.1:6379" });
 * for await (const request of fleet.requests) {
 *   console.log(request.title, request.options);
 *   await fleet.requests.answer(request.id, "decline");
 * }
 */
export class FleetRequests implements AsyncIterable<FleetRequest> {
  readonly #context: FleetContext;
  readonly #turn: TurnToRead | undefined;

  /** Created by `Fleet`, and by `FleetTurn` for the requests of one turn. */
  constructor(context: FleetContext, turn?: TurnToRead) {
    this.#context = context;
    this.#turn = turn;
  }

  /**
   * Lists the pending requests, oldest first.
   * @throws CodexError if there are requests, but none can be read: the `encryptionKey` differs from the workers'.
   */
  async list(): Promise<FleetRequest[]> {
    const { requests, failures } = await this.#read();
    if (requests.length === 0 && failures.length > 0) throw failures[0];
    return requests;
  }

  async #read(): Promise<{ requests: FleetRequest[]; failures: readonly unknown[] }> {
    const failures: unknown[] = [];
    const { redis, keys } = this.#context;
    const turns =
      this.#turn === undefined ? await redis.client.smembers(keys.withRequests) : [this.#turn.turn];
    const lists = await Promise.all(turns.map((turn) => this.#of(turn, failures)));
    return { requests: lists.flat().sort((a, b) => a.arrivedAt - b.arrivedAt), failures };
  }

  /**
   * Answers a request from any worker. Resolves when that worker has passed the answer on.
   * @throws UnknownRequestError if no request has this id.
   * @throws RequestSettledError if it has already been answered, or its turn has ended.
   * @throws InvalidAnswerError for an unknown option, or content that doesn't match the form.
   */
  async answer(
    id: string,
    optionId: string,
    content?: unknown,
    options: FleetWaitOptions = {},
  ): Promise<void> {
    const place = turnOfRequest(id);
    if (!place || (this.#turn !== undefined && place.turn !== this.#turn.turn)) {
      throw new UnknownRequestError(id);
    }
    const command = { type: "answer", requestId: place.request, optionId, content } as const;
    const sending = sendCommand(this.#context, this.#turn ?? place, command, options);
    const outcome = await sending.catch((error: unknown) => {
      throw error instanceof UnknownTurnError ? new UnknownRequestError(id) : error;
    });
    if (outcome === "ended") throw new RequestSettledError(id, "turnEnded");
  }

  /**
   * Calls `listener` with the pending requests now, and whenever they change. Dispose of the result
   * to stop.
   */
  watch(listener: (requests: readonly FleetRequest[]) => void): Disposable {
    checkListener(listener);
    const over = new AbortController();
    const failed = (cause: unknown) => {
      const message = `The pending requests can't be read: ${messageOf(cause)}`;
      this.#context.warn(new CodexWarning("FLEET_RETRY", message, { cause }));
    };
    const follow = async () => {
      for await (const requests of this.#changes(over.signal, failed)) listener(requests);
    };
    follow().catch((error) => {
      if (over.signal.aborted || this.#context.closed.aborted) return;
      process.nextTick(() => {
        throw error;
      });
    });
    return { [Symbol.dispose]: () => over.abort() };
  }

  /** Yields each request once: first the pending ones, then each new one, until the fleet is closed. */
  [Symbol.asyncIterator](): AsyncGenerator<FleetRequest, undefined> {
    return new Leavable((left) => this.#each(left));
  }

  async *#each(left: AbortSignal): AsyncGenerator<FleetRequest, undefined> {
    const known = new Set<string>();
    try {
      for await (const requests of this.#changes(left)) {
        const fresh = requests.filter(({ id }) => !known.has(id));
        known.clear();
        for (const { id } of requests) known.add(id);
        yield* fresh;
      }
    } catch (error) {
      if (!this.#context.closed.aborted) throw error;
    }
    return undefined;
  }

  /** With `failed`, requests that can't be read are read again later. */
  async *#changes(
    signal: AbortSignal,
    failed?: (cause: unknown) => void,
  ): AsyncGenerator<FleetRequest[]> {
    const { channels, keys, closed } = this.#context;
    const wake = new Wake();
    using _subscription = channels.add(keys.requestsChannel, () => wake.wake());
    using limit = waitLimit("requests", closed, { signal });
    const timer = setInterval(() => wake.wake(), RECHECK_MS);
    try {
      let last = "";
      for (;;) {
        const read = await this.#read().catch((cause: unknown) => {
          if (!failed || limit.signal.aborted) throw cause;
          failed(cause);
          return undefined;
        });
        const requests = read?.requests;
        const ids = requests?.map(({ id }) => id).join() ?? last;
        if (requests && ids !== last) yield requests;
        last = ids;
        await wake.wait(limit.signal);
      }
    } finally {
      clearInterval(timer);
    }
  }

  async #of(turn: string, failures: unknown[]): Promise<FleetRequest[]> {
    const { redis, keys } = this.#context;
    const [waiting, key] = await Promise.all([
      redis.client.hgetall(keys.requests(turn)),
      redis.client.hget(keys.turn(turn), "thread"),
    ]);
    const place = { turn, key: this.#turn?.key ?? key ?? "" };
    return Object.values(waiting).flatMap((text) => {
      const request = waitingRequest(this.#context, place, text, failures);
      if (request?.type !== "request" || typeof request.data.id !== "string") return [];
      const { data, worker } = request;
      const id = fleetRequestId(turn, data.id);
      return [{ ...data, turn, worker, ...partsOfKey(place.key), id }];
    });
  }
}
