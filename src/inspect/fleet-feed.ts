import type { LiveThread } from "../bridge/messages.ts";
import type { Fleet, FleetRequest, FleetThread, FleetTimeline } from "../fleet/index.ts";
import { EventLog } from "../web/event-log.ts";
import { Throttle } from "../web/throttle.ts";

/** More frequent updates wouldn't be visible. */
const PUBLISH_MS = 20;
const LOG_BYTES = 4 * 2 ** 20;

/** How the page names a thread of a fleet. Tenants can't contain a slash. */
export function pageId({ tenant, thread }: { tenant: string; thread: string }): string {
  return `${tenant}/${thread}`;
}

/** A thread of a fleet as events for the page. Close it when it has no more readers. */
export class FleetFeed implements Disposable {
  readonly log: EventLog<LiveThread>;
  readonly #id: string;
  readonly #timeline: FleetTimeline;
  readonly #watching: Disposable;
  #requests: readonly FleetRequest[] = [];

  constructor(fleet: Fleet, { name: thread, tenant }: FleetThread) {
    this.#id = pageId({ tenant, thread });
    this.#timeline = fleet.thread(thread, { tenant }).timeline();
    this.log = new EventLog(this.#state(), LOG_BYTES);
    const throttle = new Throttle(PUBLISH_MS, () => this.#publish());
    this.#timeline.subscribe(() => throttle.ask());
    this.#watching = fleet.requests.watch((requests) => {
      this.#requests = requests.filter((one) => one.thread === thread && one.tenant === tenant);
      throttle.ask();
    });
  }

  [Symbol.dispose](): void {
    this.#watching[Symbol.dispose]();
    this.#timeline.close();
    this.log.close();
  }

  #publish(): void {
    if (!this.log.isClosed) this.log.publish(this.#state());
  }

  /** The state for the page, which identifies the thread by its name in the fleet, not by its id on the server. */
  #state(): LiveThread {
    const view = { ...this.#timeline.snapshot, threadId: this.#id };
    return { view, requests: this.#requests, older: null };
  }
}
