import { CodexError, type Notification, TurnLostError, type TurnResult } from "../../src/index.ts";
import type { MisbehavingServer } from "./misbehaving-server.ts";
import type { WorldTurn } from "./world.ts";

/** The reason of every abort that the seeded user makes. */
export class UserAbort extends Error {}

/** Notes what goes on, and what of it may not be. */
export class Oracle {
  readonly faults: string[] = [];
  readonly #server: MisbehavingServer;
  readonly #log: (line: string) => void;
  readonly #open = new Map<number, string>();
  #count = 0;

  constructor(server: MisbehavingServer, log: (line: string) => void) {
    this.#server = server;
    this.#log = log;
  }

  /** What has not settled yet. */
  get open(): string[] {
    return [...this.#open.values()];
  }

  get isQuiet(): boolean {
    return this.#open.size === 0;
  }

  /** Watches something that must settle; how it does is judged. */
  watch(what: string, work: () => Promise<unknown>): void {
    const id = ++this.#count;
    const name = `#${id} ${what}`;
    this.#open.set(id, name);
    this.#log(`· ${name}`);
    const over = (how: string) => {
      this.#open.delete(id);
      this.#log(`· ${name}: ${how}`);
    };
    Promise.resolve()
      .then(work)
      .then(
        () => over("done"),
        (error: unknown) => {
          over(String(error));
          this.#judgeError(name, error);
        },
      );
  }

  judgeResult(result: TurnResult<unknown>): void {
    const turn = this.#turn(result);
    if (!turn) return;
    const of = `the result of ${turn.id}`;
    this.#same(`${of}: status`, result.status, turn.status);
    if (this.#server.mayLose) return;
    this.#same(`${of}: text`, result.text, turn.text);
    this.#same(`${of}: items`, ids(result.items), ids(turn.items));
  }

  /** A stream that has come to its end: each once, in order, and no text lost. */
  judgeStream(turnId: string, threadId: string, all: readonly Notification[]): void {
    const turn = this.#turn({ turnId, threadId });
    if (!turn) return;
    const of = `the stream of ${turnId}`;
    const keys = all.map(keyOf).filter((key) => key !== undefined);
    this.#same(`${of}: each once`, keys, [...new Set(keys)]);
    this.#same(`${of}: its last`, all.at(-1)?.method, "turn/completed");
    if (this.#server.mayLose) return;
    const completed = all.flatMap(({ method, params }) =>
      method === "item/completed" ? [params.item.id] : [],
    );
    this.#same(`${of}: items`, completed.toSorted(), ids(turn.items).toSorted());
    for (const { id, text } of turn.messages) {
      this.#same(`${of}: text of ${id}`, textOf(id, all), text);
    }
  }

  judgeText(turnId: string, threadId: string, text: string): void {
    const turn = this.#turn({ turnId, threadId });
    if (!turn || this.#server.mayLose) return;
    const whole = turn.messages.map((message) => message.text).join("");
    // Of a message that was interrupted, the deltas came and the message never did.
    const seen = turn.status === "interrupted" ? text.slice(0, whole.length) : text;
    this.#same(`the text stream of ${turnId}`, seen, whole);
  }

  fault(what: string): void {
    this.faults.push(what);
    this.#log(`! ${what}`);
  }

  #turn({ turnId, threadId }: { turnId: string; threadId: string }): WorldTurn | undefined {
    const turn = this.#server.world.turn(turnId);
    if (turn?.threadId !== threadId) {
      this.fault(`${turnId} of ${threadId} is not on the server`);
      return undefined;
    }
    if (turn.status === "inProgress") this.fault(`${turnId} ended here and not on the server`);
    return turn;
  }

  #judgeError(name: string, error: unknown): void {
    if (error instanceof UserAbort) return;
    if (!(error instanceof CodexError)) {
      const stack = error instanceof Error ? error.stack : String(error);
      this.fault(`${name} rejected with what is no error of ours: ${stack}`);
    } else if (error instanceof TurnLostError && this.#server.unhelpful === 0) {
      this.fault(`${name}: ${error.message}, though the server has answered all`);
    }
  }

  #same(what: string, got: unknown, wanted: unknown): void {
    const [one, other] = [JSON.stringify(got), JSON.stringify(wanted)];
    if (one !== other) this.fault(`${what}: got ${one}, wanted ${other}`);
  }
}

function ids(items: readonly { readonly id: string }[]): string[] {
  return items.map(({ id }) => id);
}

function keyOf({ method, params }: Notification): string | undefined {
  switch (method) {
    case "turn/started":
    case "turn/completed":
      return method;
    case "item/started":
    case "item/completed":
      return `${method} ${params.item.id}`;
    default:
      return undefined;
  }
}

function textOf(itemId: string, all: readonly Notification[]): string {
  return all
    .map(({ method, params }) =>
      method === "item/agentMessage/delta" && params.itemId === itemId ? params.delta : "",
    )
    .join("");
}
