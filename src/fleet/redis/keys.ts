/**
 * The names of a fleet's keys and channels. The braces in the prefix put all of them into one slot of a
 * Redis Cluster, which the scripts and BullMQ require.
 */
export class Keys {
  /** The prefix of BullMQ's own keys. */
  readonly queuePrefix: string;
  readonly queueName: string;
  /** What every other key begins with. */
  readonly base: string;

  constructor(name: string) {
    this.queuePrefix = "{codex}";
    this.queueName = name;
    this.base = `${this.queuePrefix}:${name}.`;
  }

  turn = (id: string): string => `${this.base}turn:${id}`;
  thread = (key: string): string => `${this.base}thread:${key}`;
  pending = (key: string): string => `${this.base}pending:${key}`;
  /** The turns of a thread, in order. */
  turns = (key: string): string => `${this.base}turns:${key}`;
  events = (turn: string): string => `${this.base}events:${turn}`;
  control = (turn: string): string => `${this.base}control:${turn}`;
  answers = (turn: string): string => `${this.base}answers:${turn}`;
  requests = (turn: string): string => `${this.base}requests:${turn}`;
  worker = (id: string): string => `${this.base}worker:${id}`;
  /** Turns that are reserved for a worker, by the end of the reservation. */
  offers = (worker: string): string => `${this.base}offers:${worker}`;
  running = (tenant: string): string => `${this.base}running:${tenant}`;
  stored = (key: string): string => `${this.base}stored:${key}`;

  get withRequests(): string {
    return `${this.base}requests`;
  }
  get active(): string {
    return `${this.base}active`;
  }
  /** The threads, by the time of their last submission. */
  get threads(): string {
    return `${this.base}threads`;
  }
  /** How many turns each worker runs. */
  get load(): string {
    return `${this.base}load`;
  }
  /**
   * The workers, by the end of their last report on their own clock, including some that were lost. One that is running
   * has a report in Redis.
   */
  get workers(): string {
    return `${this.base}workers`;
  }

  /** New events of a turn, and its end. */
  eventsChannel = (turn: string): string => `${this.base}ch:${turn}`;
  /** Answers of a turn's worker, and the turn's end: callers that wait aren't woken by every event. */
  outcomeChannel = (turn: string): string => `${this.base}out:${turn}`;
  /** New turns of a thread. */
  threadChannel = (key: string): string => `${this.base}th:${key}`;
  /** Commands for the worker that runs a turn. */
  controlChannel = (turn: string): string => `${this.base}ctl:${turn}`;
  /** Turns that are offered to the worker that has their thread loaded. */
  workerChannel = (id: string): string => `${this.base}wk:${id}`;
  /** Changes to the requests of the whole fleet. */
  get requestsChannel(): string {
    return `${this.base}ch.requests`;
  }
}

/** A thread's key: threads of two tenants are different, even with the same name. */
export function threadKey(tenant: string, thread: string): string {
  return `${tenant}/${thread}`;
}

/** The tenant and the thread of a thread's key. */
export function partsOfKey(key: string): { readonly tenant: string; readonly thread: string } {
  const slash = key.indexOf("/");
  return { tenant: key.slice(0, Math.max(0, slash)), thread: key.slice(slash + 1) };
}

/** The key that exists while a process that submitted turns with its own tools is running. */
export function callerKey({ base }: Keys, caller: string): string {
  return `${base}caller:${caller}`;
}
