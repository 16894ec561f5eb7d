import type { ThreadItem } from "../protocol/index.ts";

/**
 * The beginning of a turn. A `turn/start` that reaches the server while another turn is active is
 * merged into that turn: its message is then part of a turn that started with something else.
 */
export class TurnOpening {
  #first: "nothing" | "message" | "shell command" | "goal or another request" = "nothing";
  #firstClientId: string | undefined;
  /** Whether what started the turn is the output of a tool instead of a message. */
  #isOutput = false;
  #hasMessage = false;
  /** Whether the model worked before the turn had a message. */
  #hasUnaskedWork = false;
  #hasStarted = false;
  #hasMissed = false;
  /**
   * The client-side ids of the turn's messages, in order. The value is whether the model has worked since the
   * message.
   */
  readonly #answered = new Map<string, boolean>();
  /** The ids of the items that the model has created. */
  readonly #begun = new Set<string>();

  /**
   * The beginning of a turn in the server's list, with these items. `isWritten`: the server has had enough
   * time to list the message that started the turn, if there was one.
   */
  static ofListed(
    items: readonly unknown[],
    { isWritten = false }: { readonly isWritten?: boolean } = {},
  ): TurnOpening {
    const opening = new TurnOpening();
    opening.see("turn/started", {});
    for (const item of items) opening.see("item/completed", { item });
    if (isWritten) opening.#open("goal or another request");
    return opening;
  }

  /** Whether the seen part of the turn shows how it started. */
  get isKnown(): boolean {
    return this.#first !== "nothing";
  }

  /**
   * Whether a message started the turn, rather than a goal or another request. A shell command can come before
   * it: the server also runs one in a turn that is about to begin.
   */
  get isMessage(): boolean {
    return this.#hasMessage && this.#first !== "goal or another request";
  }

  /** The id of that message, if its client has set one. */
  get messageId(): string | undefined {
    return this.isMessage ? this.#firstClientId : undefined;
  }

  /** Whether everything that shows how the turn began was seen. */
  get wasSeen(): boolean {
    return this.#hasStarted && !this.#hasMissed;
  }

  /** Whether a part that shows how the turn began may have been missed. */
  get wasMissed(): boolean {
    return this.#hasMissed;
  }

  /** Whether the output of a tool started the turn. */
  get isToolOutput(): boolean {
    return this.isMessage && this.#isOutput;
  }

  /**
   * Whether the model was seen working in the turn before it had a message. A shell command can then only have
   * joined the turn, not started it.
   */
  get isUnasked(): boolean {
    if (!this.wasSeen || this.isMessage) return false;
    return this.#first === "goal or another request" || this.#hasUnaskedWork;
  }

  /** Notes that notifications may have been missed, including the message that started the turn. */
  missed(): void {
    if (!this.isKnown) this.#hasMissed = true;
  }

  see(method: string, params: unknown): void {
    if (method === "turn/started") this.#start();
    if (method !== "item/started" && method !== "item/completed") return;
    const item = (params as { item?: Partial<ThreadItem> | null } | null)?.item;
    const type = item?.type;
    if (item == null || typeof type !== "string" || BEFORE_ANY_TURN.has(type)) return;
    if (type === "userMessage") {
      this.#seeMessage(item as { clientId?: unknown });
      return;
    }
    // A client can start a turn with the output of a tool instead of a message.
    if (type === "functionCallOutput") {
      if (!this.#hasMessage) this.#isOutput = true;
      this.#open("message");
    }
    this.#open(isShellCommand(item) ? "shell command" : "goal or another request");
    if (isWork(item)) this.#seeWork(item.id);
  }

  /** Notes that the server has sent a request in the turn. The model causes requests; a shell command doesn't. */
  seeRequest(): void {
    if (!this.#hasMessage) this.#hasUnaskedWork = true;
  }

  /**
   * The reason why this message can't have started the turn; undefined if it can. A message that
   * was merged into another turn and answered there counts as answered.
   */
  contradicts(clientMessageId: string | undefined): string | undefined {
    if (clientMessageId === undefined || this.#first === "nothing") return undefined;
    if (this.#first === "message" && this.#firstClientId === clientMessageId) return undefined;
    if (this.#first === "message" && this.#firstClientId === undefined) return undefined;
    const answered = this.#answered.get(clientMessageId);
    if (answered === true) return undefined;
    if (answered === undefined && this.#first === "goal or another request") return undefined;
    const opener = this.#first === "message" ? "another message" : `a ${this.#first}`;
    return `it was started by ${opener}, and the model never answered the message that was added to it`;
  }

  /** Notes the turn's start. If it is reported after an item, notifications before that item may have been missed. */
  #start(): void {
    if (this.isKnown && this.#first !== "shell command") this.#hasMissed = true;
    this.#hasStarted = true;
  }

  #seeMessage({ clientId }: { clientId?: unknown }): void {
    const id = typeof clientId === "string" ? clientId : undefined;
    if (!this.#hasMessage) this.#firstClientId = id;
    this.#open("message");
    if (id !== undefined && !this.#answered.has(id)) this.#answered.set(id, false);
  }

  /**
   * Notes an item that the model created. Items that started before the message don't answer it. An
   * item counts from its first notification, which can be its end if a part was missed.
   */
  #seeWork(itemId: string | undefined): void {
    if (itemId === undefined || this.#begun.has(itemId)) return;
    this.#begun.add(itemId);
    if (!this.#hasMessage) this.#hasUnaskedWork = true;
    for (const id of this.#answered.keys()) this.#answered.set(id, true);
  }

  #open(how: "message" | "shell command" | "goal or another request"): void {
    if (this.#first === "nothing") this.#first = how;
    if (how === "message") this.#hasMessage = true;
  }
}

/** Items that can come before the message that starts a turn. */
const BEFORE_ANY_TURN: ReadonlySet<string> = new Set(["hookPrompt", "contextCompaction"]);

/** Items that don't show that the model works on the turn: sub-agents report at any time. */
const NO_STEP: ReadonlySet<unknown> = new Set([
  "subAgentActivity",
  "enteredReviewMode",
  "exitedReviewMode",
]);

/**
 * Whether the model created this item. It receives a merged message before it creates the next one.
 */
function isWork(item: { readonly type?: unknown }): boolean {
  return !NO_STEP.has(item.type) && !isShellCommand(item);
}

function isShellCommand(item: object): boolean {
  return (item as { source?: unknown }).source === "userShell";
}
