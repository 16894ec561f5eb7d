import type { Fault } from "./temper.ts";

/** A request that the server sent to the client, and what the client did with it. */
export interface Ask {
  readonly id: number;
  /** Its number among all requests so far, which its params contain. */
  readonly askId: number;
  /** Ids count from 0 in each process of the server. */
  readonly process: number;
  readonly threadId: string;
  readonly turnId: string;
  readonly message: { readonly id: number; readonly method: string; readonly params: object };
  readonly goOn: () => void;
  /** The fault of an answer; undefined if there is none. */
  readonly judge: (answer: Answer) => string | undefined;
  /** The connection on which it was last sent. */
  connection: number;
  sent: number;
  answers: number;
  /** Whether an answer is no longer needed. */
  over: boolean;
}

export interface Answer {
  readonly result?: unknown;
  readonly error?: unknown;
}

type Question = Pick<Ask, "threadId" | "turnId" | "connection" | "goOn"> & {
  readonly method: string;
  readonly params: object;
  readonly judge: (answer: Answer, askId: number) => string | undefined;
};

/** The server's requests to the client. */
export class Asks {
  readonly #roll: (fault: Fault) => boolean;
  readonly #all: Ask[] = [];
  /** Requests whose handler waits for its signal. */
  readonly #hanging = new Set<unknown>();
  #process = 1;
  #nextId = 0;

  constructor(roll: (fault: Fault) => boolean) {
    this.#roll = roll;
  }

  /** The id in the next one's params. */
  get nextAskId(): number {
    return this.#all.length;
  }

  make({ method, params, judge, ...rest }: Question): Ask {
    const reused = this.#nextId > 0 && this.#roll("reusesIds");
    const id = reused ? this.#nextId - 1 : this.#nextId++;
    const earlier = this.#find(id);
    if (earlier) earlier.over = true;
    const askId = this.nextAskId;
    const message = { id, method, params: { ...params, askId } };
    const process = this.#process;
    const ask: Ask = {
      ...{ id, askId, process, message, ...rest },
      judge: (answer) => judge(answer, askId),
      ...{ sent: 1, answers: 0, over: false },
    };
    this.#all.push(ask);
    return ask;
  }

  /** The handler of this request waits until its signal aborts because no answer is needed. */
  hangs(askId: unknown): void {
    this.#hanging.add(askId);
  }

  isOwed(ask: Ask): boolean {
    return ask.answers === 0 && !ask.over && !this.#hanging.has(ask.askId);
  }

  /** Returns the fault of the answer; undefined if there is none. */
  answered(id: unknown, answer: Answer): string | undefined {
    const ask = this.#find(id);
    if (!ask) return `[answers] the client answers ${JSON.stringify(id)}, which was never asked`;
    const wrong = ask.over || this.#isReused(ask) ? undefined : ask.judge(answer);
    ask.answers++;
    if (!ask.over) ask.goOn();
    if (wrong || this.#isReused(ask) || ask.answers <= ask.sent) return wrong;
    return `[answers] ${ask.answers} answers to request ${id}`;
  }

  takeBack(ask: Ask): void {
    ask.over = true;
    ask.goOn();
  }

  /** The process that asked has died; the next one counts from 0 again. */
  die(): void {
    for (const ask of this.#all) ask.over = true;
    this.#process++;
    this.#nextId = 0;
  }

  /** The requests of a thread that are still waiting. */
  open(threadId: string): Ask[] {
    return this.#all.filter((ask) => ask.threadId === threadId && ask.answers === 0 && !ask.over);
  }

  get areQuiet(): boolean {
    return this.#all.every((ask) => ask.answers > 0 || ask.over);
  }

  #isReused(ask: Ask): boolean {
    return this.#all.some((one) => one !== ask && one.id === ask.id && one.process === ask.process);
  }

  #find(id: unknown): Ask | undefined {
    return this.#all.findLast((ask) => ask.id === id && ask.process === this.#process);
  }
}
