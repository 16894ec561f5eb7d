import type { ThreadItem } from "../protocol/index.ts";

/**
 * What a turn began with. A `turn/start` that reaches the server while another turn is active is
 * merged into that turn: its message is then in a turn that began with something else.
 */
export class TurnOpening {
  #first: "nothing" | "message" | "shellCommand" = "nothing";
  #firstClientId: string | undefined;
  /** Messages that a client has named, in order, each with whether the model has spoken since. */
  readonly #answered = new Map<string, boolean>();

  see(method: string, params: unknown): void {
    if (method !== "item/started" && method !== "item/completed") return;
    const item = (params as { item?: Partial<ThreadItem> | null } | null)?.item;
    if (item?.type === "userMessage") this.#seeMessage(item as { clientId?: unknown });
    else if (item?.type === "commandExecution" && isShellCommand(item)) this.#open("shellCommand");
    else if (item?.type === "agentMessage") this.#seeAnswer();
  }

  /**
   * Why the turn can't be the one that this message has started; undefined when nothing speaks
   * against it. A message that was merged into another turn and answered there counts as answered.
   */
  contradicts(clientMessageId: string | undefined): string | undefined {
    if (clientMessageId === undefined || this.#first === "nothing") return undefined;
    if (this.#first === "message" && this.#firstClientId === clientMessageId) return undefined;
    if (this.#first === "message" && this.#firstClientId === undefined) return undefined;
    if (this.#answered.get(clientMessageId)) return undefined;
    const opener = this.#first === "message" ? "another message" : "a shell command";
    return `the turn was started by ${opener}, and the model never answered this turn's input`;
  }

  #seeMessage({ clientId }: { clientId?: unknown }): void {
    const id = typeof clientId === "string" ? clientId : undefined;
    if (this.#first === "nothing") {
      this.#first = "message";
      this.#firstClientId = id;
    }
    if (id !== undefined && !this.#answered.has(id)) this.#answered.set(id, false);
  }

  #seeAnswer(): void {
    for (const id of this.#answered.keys()) this.#answered.set(id, true);
  }

  #open(how: "shellCommand"): void {
    if (this.#first === "nothing") this.#first = how;
  }
}

function isShellCommand(item: object): boolean {
  return (item as { source?: unknown }).source === "userShell";
}
