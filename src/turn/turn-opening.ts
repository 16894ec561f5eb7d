import type { ThreadItem } from "../protocol/index.ts";

/**
 * What a turn began with. A `turn/start` that reaches the server while another turn is active is
 * merged into that turn: its message is then in a turn that began with something else.
 */
export class TurnOpening {
  #first: "nothing" | "message" | "shell command" | "goal or another request" = "nothing";
  #firstClientId: string | undefined;
  /** Messages that a client has named, in order, each with whether the model has worked since. */
  readonly #answered = new Map<string, boolean>();
  /** The ids of the items that the model has made. */
  readonly #begun = new Set<string>();

  /** Whether anything of the turn was seen that tells how it began. */
  get isKnown(): boolean {
    return this.#first !== "nothing";
  }

  /** Whether a message has started the turn, rather than a goal or another request. */
  get isMessage(): boolean {
    return this.#first === "message";
  }

  /** The id of that message, if its client has given one. */
  get messageId(): string | undefined {
    return this.#firstClientId;
  }

  see(method: string, params: unknown): void {
    if (method !== "item/started" && method !== "item/completed") return;
    const item = (params as { item?: Partial<ThreadItem> | null } | null)?.item;
    const type = item?.type;
    if (item == null || typeof type !== "string" || BEFORE_ANY_TURN.has(type)) return;
    if (type === "userMessage") {
      this.#seeMessage(item as { clientId?: unknown });
      return;
    }
    this.#open(isShellCommand(item) ? "shell command" : "goal or another request");
    if (isWork(item)) this.#seeWork(item.id);
  }

  /**
   * Why the turn can't be the one that this message has started; undefined when nothing speaks
   * against it. A message that was merged into another turn and answered there counts as answered.
   */
  contradicts(clientMessageId: string | undefined): string | undefined {
    if (clientMessageId === undefined || this.#first === "nothing") return undefined;
    if (this.#first === "message" && this.#firstClientId === clientMessageId) return undefined;
    if (this.#first === "message" && this.#firstClientId === undefined) return undefined;
    const answered = this.#answered.get(clientMessageId);
    if (answered === true) return undefined;
    if (answered === undefined && this.#first === "goal or another request") return undefined;
    const opener = this.#first === "message" ? "another message" : `a ${this.#first}`;
    return `it was started by ${opener}, and the model never answered the message that it was given`;
  }

  #seeMessage({ clientId }: { clientId?: unknown }): void {
    const id = typeof clientId === "string" ? clientId : undefined;
    if (this.#first === "nothing") {
      this.#first = "message";
      this.#firstClientId = id;
    }
    if (id !== undefined && !this.#answered.has(id)) this.#answered.set(id, false);
  }

  /** What had begun before the message doesn't answer it; of what was missed, only the end may come. */
  #seeWork(itemId: string | undefined): void {
    if (itemId === undefined || this.#begun.has(itemId)) return;
    this.#begun.add(itemId);
    for (const id of this.#answered.keys()) this.#answered.set(id, true);
  }

  #open(how: "shell command" | "goal or another request"): void {
    if (this.#first === "nothing") this.#first = how;
  }
}

/** Items that can stand before the message that starts a turn. */
const BEFORE_ANY_TURN: ReadonlySet<string> = new Set(["hookPrompt", "contextCompaction"]);

/** Items that aren't the model's next step: sub-agents report at any time. */
const NO_STEP: ReadonlySet<unknown> = new Set([
  "subAgentActivity",
  "enteredReviewMode",
  "exitedReviewMode",
]);

/** Whether the model has made this item. It gets a merged message before it makes the next. */
function isWork(item: { readonly type?: unknown }): boolean {
  return !NO_STEP.has(item.type) && !isShellCommand(item);
}

function isShellCommand(item: object): boolean {
  return (item as { source?: unknown }).source === "userShell";
}
