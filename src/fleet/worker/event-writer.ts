import { setImmediate } from "node:timers/promises";
import type { Notification } from "../../rpc/messages.ts";
import { type Deferred, deferred } from "../../util/deferred.ts";
import { FencedError } from "../errors.ts";
import type { Codec } from "../redis/codec.ts";
import type { FleetRedis } from "../redis/connection.ts";
import { turnContext } from "../turn-context.ts";
import type { Ending, EventBatch } from "../wire.ts";
import type { Claim, TurnJob } from "./claim.ts";

/** How many events can wait for Redis before the turn is no longer read. */
const MAX_WAITING = 2_000;
/** The approximate maximum number of events in an entry of the stream. */
const MAX_BATCH = 500;

/** The turns that can run when a turn has ended: the first of its thread, and the first of its tenant. */
export interface NextTurns {
  readonly ofThread: string;
  readonly ofTenant: string;
}

/**
 * Writes a turn's events to its stream. While an entry is being written, later events are collected
 * for the next one: so a fast turn writes large entries, and a slow one writes each event
 * immediately, together with those that have arrived with it.
 */
export class EventWriter {
  readonly #redis: FleetRedis;
  readonly #codec: Codec;
  readonly #job: TurnJob;
  readonly #claim: Claim;
  #waiting: Notification[] = [];
  readonly #held: Notification[] = [];
  /** The number of the next event. */
  #number = 1;
  #writing: Promise<void> | undefined;
  #room: Deferred<void> | undefined;
  #failure: unknown;

  constructor(redis: FleetRedis, codec: Codec, job: TurnJob, claim: Claim) {
    this.#redis = redis;
    this.#codec = codec;
    this.#job = job;
    this.#claim = claim;
  }

  /**
   * Adds an event. Resolves immediately, unless too many are waiting.
   * @throws FencedError if another worker has the thread.
   */
  async write(event: Notification): Promise<void> {
    if (this.#failure) throw this.#failure;
    this.#waiting.push(event);
    this.#writing ??= this.#write();
    if (this.#waiting.length < MAX_WAITING) return;
    this.#room ??= deferred();
    await this.#room.promise;
  }

  /** Adds an event that is written with the ending, so that readers see both or neither. */
  hold(event: Notification): void {
    this.#held.push(event);
  }

  /**
   * Writes the waiting events and the ending as the last entry, which ends the turn for all
   * readers.
   * @throws FencedError if another worker has the thread.
   */
  async finish(ending: Ending, keepMs: number): Promise<NextTurns> {
    await this.#writing;
    if (this.#failure) throw this.#failure;
    const { turn, key, tenant } = this.#job;
    const data = this.#encode({ events: [...this.#waiting, ...this.#held], ending });
    const { epoch } = this.#claim;
    const reply = await this.#redis.persist(() =>
      this.#redis.run("finish", ...[turn, key, tenant, epoch, this.#number, data, keepMs]),
    );
    const [outcome, ofThread = "", ofTenant = ""] = reply as string[];
    if (outcome !== "ok") throw fenced(turn);
    return { ofThread, ofTenant };
  }

  async #write(): Promise<void> {
    try {
      // Events that have arrived together are written together.
      await setImmediate();
      while (this.#waiting.length > 0) {
        const events = this.#waiting.splice(0, MAX_BATCH);
        const { turn, key } = this.#job;
        const number = this.#number;
        this.#number += events.length;
        const data = this.#encode({ events });
        const isOwner = await this.#redis.persist(() =>
          this.#redis.run("append", turn, key, this.#claim.epoch, number, data),
        );
        if (isOwner !== 1) throw fenced(turn);
        if (this.#waiting.length < MAX_WAITING) this.#makeRoom();
      }
    } catch (error) {
      this.#failure = error;
    } finally {
      this.#writing = undefined;
      this.#makeRoom();
    }
  }

  #makeRoom(): void {
    this.#room?.resolve();
    this.#room = undefined;
  }

  #encode(batch: EventBatch): string {
    const { turn, key } = this.#job;
    return this.#codec.encode(batch, turnContext("turn", turn, key));
  }
}

export function fenced(turn: string): FencedError {
  return new FencedError(`Another worker has claimed the thread of turn ${turn}`);
}
