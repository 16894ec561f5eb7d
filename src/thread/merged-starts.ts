import type { TurnStartParams, UserInput } from "../protocol/index.ts";
import type { Notification } from "../rpc/messages.ts";
import type { TurnRecord } from "../turn/turn-record.ts";
import { type Deferred, deferred } from "../util/deferred.ts";
import { isRecord } from "../util/describe.ts";
import { isOlder } from "./server-version.ts";

/** The oldest tested server that answers a merged `turn/start` with the turn that has its message. */
const NAMES_MERGED_TURN = "0.169.0";

interface Start {
  readonly messageId: string;
  readonly text: string;
  readonly turn: Deferred<TurnRecord>;
}

/**
 * A server can merge a `turn/start` into a turn that another client has started at the same time. Older servers answer
 * it with the id of a turn that never begins. The turn that it is merged into shows the message.
 */
export class MergedStarts {
  /** The starts whose turns haven't begun, by the records of the turns that the server named. */
  readonly #open = new Map<TurnRecord, Start>();

  /** The server has answered a start with this turn. */
  answered(
    record: TurnRecord,
    params: TurnStartParams & { readonly clientUserMessageId: string },
    version: string,
  ): void {
    if (!isOlder(version, NAMES_MERGED_TURN)) return;
    for (const old of this.#open.keys()) if (old.phase === "ended") this.#open.delete(old);
    const { clientUserMessageId: messageId, input } = params;
    this.#open.set(record, { messageId, text: textOf(input), turn: deferred() });
  }

  /** A notification about a turn. If it shows the message of a start, the thread claims the turn for it. */
  see(
    turn: TurnRecord,
    { method, params }: Notification,
    thread: { claim(turnId: string, messageId: string): void },
  ): void {
    if (this.#open.size === 0 || method !== "item/started") return;
    const item = isRecord(params) ? params.item : undefined;
    if (!isRecord(item) || item.type !== "userMessage") return;
    for (const [named, start] of this.#open) {
      if (named === turn || named.phase !== "starting" || !isMessageOf(start, item)) continue;
      start.turn.resolve(turn);
      thread.claim(turn.turnId, start.messageId);
      named.drop();
      return;
    }
  }

  /** The turn that has the message of the start that was answered with this record. */
  async turnOf(record: TurnRecord): Promise<TurnRecord> {
    const start = this.#open.get(record);
    if (start === undefined) return record;
    const turn = await Promise.race([start.turn.promise, record.started.then(() => record)]);
    this.#open.delete(record);
    return turn;
  }
}

/** Servers older than 0.144 don't show the ids that clients give to their messages. */
function isMessageOf({ messageId, text }: Start, { clientId, content }: Record<string, unknown>) {
  if (typeof clientId === "string") return clientId === messageId;
  return Array.isArray(content) && textOf(content) === text;
}

export function textOf(input: readonly UserInput[]): string {
  return input.flatMap((item) => (item.type === "text" ? [item.text] : [])).join("\n");
}
