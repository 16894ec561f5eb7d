import type { Fault } from "./temper.ts";

/** What the server asked of the client, and how the client took it. */
export interface Ask {
  readonly id: number;
  /** Ids count from 0 in each process of the server. */
  readonly process: number;
  readonly threadId: string;
  readonly message: { readonly id: number; readonly method: string; readonly params: object };
  readonly goOn: () => void;
  /** The connection on which it was last sent. */
  connection: number;
  sent: number;
  answers: number;
  /** Nobody waits for an answer any more. */
  over: boolean;
}

type Question = Pick<Ask, "threadId" | "connection" | "goOn"> & {
  readonly method: string;
  readonly params: object;
};

/** The server's requests to the client. */
export class Asks {
  readonly #roll: (fault: Fault) => boolean;
  readonly #all: Ask[] = [];
  /** Those whose handler was told to wait for ever. */
  readonly #hanging = new Set<unknown>();
  #process = 1;
  #nextId = 0;

  constructor(roll: (fault: Fault) => boolean) {
    this.#roll = roll;
  }

  make({ method, params, ...rest }: Question): Ask {
    const reused = this.#nextId > 0 && this.#roll("reusesIds");
    const id = reused ? this.#nextId - 1 : this.#nextId++;
    const earlier = this.#find(id);
    if (earlier) earlier.over = true;
    const message = { id, method, params: { ...params, askId: this.#all.length } };
    const process = this.#process;
    const ask: Ask = { id, process, message, ...rest, sent: 1, answers: 0, over: false };
    this.#all.push(ask);
    return ask;
  }

  /** The handler of this one waits until it is told that nobody else does. */
  hangs(askId: unknown): void {
    this.#hanging.add(askId);
  }

  isOwed(ask: Ask): boolean {
    return ask.answers === 0 && !ask.over && !this.#hanging.has(this.#all.indexOf(ask));
  }

  /** Gives what is wrong with the answer, if anything is. */
  answered(id: unknown): string | undefined {
    const ask = this.#find(id);
    if (!ask) return `the client answers request ${JSON.stringify(id)}, which nobody asked`;
    ask.answers++;
    ask.goOn();
    const isReused = this.#all.some((one) => one !== ask && one.id === id);
    if (isReused || ask.answers <= ask.sent) return undefined;
    return `${ask.answers} answers to request ${id}`;
  }

  takeBack(ask: Ask): void {
    ask.over = true;
    ask.goOn();
  }

  /** The process that asked has died; the next one begins anew. */
  die(): void {
    for (const ask of this.#all) ask.over = true;
    this.#process++;
    this.#nextId = 0;
  }

  /** Those of a thread that still wait. */
  open(threadId: string): Ask[] {
    return this.#all.filter((ask) => ask.threadId === threadId && ask.answers === 0 && !ask.over);
  }

  #find(id: unknown): Ask | undefined {
    return this.#all.findLast((ask) => ask.id === id && ask.process === this.#process);
  }
}
