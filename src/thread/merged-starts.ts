import { MessageUnansweredError } from "../errors/errors.ts";
import type { TurnStartParams, UserInput } from "../protocol/index.ts";
import type { Notification } from "../rpc/messages.ts";
import type { TurnRecord } from "../turn/turn-record.ts";
import { type Deferred, deferred } from "../util/deferred.ts";
import { isRecord } from "../util/describe.ts";
import { isOlder } from "./server-version.ts";

/** The oldest tested server that answers a merged `turn/start` with the turn that has its message. */
const NAMES_MERGED_TURN = "0.169.0";

/** How long the server can take to begin the next turn after one has ended. */
const BEGIN_MS = 300;
/** How many consecutive times the thread must be idle. */
const IDLE_TIMES = 2;

interface Start {
  readonly messageId: string;
  readonly text: string;
  readonly turn: Deferred<TurnRecord>;
  isChecked: boolean;
}

/** The parts of a thread that show what has become of its starts. */
interface Thread {
  readonly server: { pause(ms: number): Promise<void> };
  readonly starts: { readonly isActive: boolean };
  claim(turnId: string, messageId: string): void;
  askWhetherActive(): Promise<boolean>;
}

/**
 * Finds the turns of starts that the server has merged into other clients' turns. A server does
 * that if two clients start a turn at the same time. Older servers answer the merged `turn/start`
 * with the id of a turn that never begins. The other client's turn shows the message, unless that
 * turn ends before it processes the message: then the server drops the message.
 */
export class MergedStarts {
  /** The starts whose turns haven't begun, by the records of the turns that the server named. */
  readonly #open = new Map<TurnRecord, Start>();

  /** Notes that the server has answered a start with this turn. */
  answered(
    record: TurnRecord,
    params: TurnStartParams & { readonly clientUserMessageId: string },
    version: string,
  ): void {
    if (!isOlder(version, NAMES_MERGED_TURN)) return;
    for (const old of this.#open.keys()) if (old.phase === "ended") this.#open.delete(old);
    const { clientUserMessageId: messageId, input } = params;
    this.#open.set(record, { messageId, text: textOf(input), turn: deferred(), isChecked: false });
  }

  /** Takes a notification about a turn. If it shows the message of a start, the thread claims the turn for that start. */
  see(turn: TurnRecord, { method, params }: Notification, thread: Thread): void {
    if (this.#open.size === 0) return;
    if (method === "turn/completed") this.#ended(turn, thread);
    const item = method === "item/started" && isRecord(params) ? params.item : undefined;
    if (!isRecord(item) || item.type !== "userMessage") return;
    for (const [named, start] of this.#open) {
      if (named === turn || named.phase !== "starting" || !isMessageOf(start, item)) continue;
      start.turn.resolve(turn);
      thread.claim(turn.turnId, start.messageId);
      named.drop();
      return;
    }
  }

  #ended(turn: TurnRecord, thread: Thread): void {
    for (const [named, start] of this.#open) {
      if (named === turn || start.isChecked) continue;
      start.isChecked = true;
      // The client is closing if this rejects.
      const checking = hasBecomeIdle(named, thread).then((isDropped) => {
        start.isChecked = false;
        if (isDropped) drop(named, start);
      });
      checking.catch(() => {});
    }
  }

  /** The turn that has the message of the start that was answered with this record. */
  async turnOf(record: TurnRecord): Promise<TurnRecord> {
    const start = this.#open.get(record);
    if (start === undefined) return record;
    try {
      return await Promise.race([start.turn.promise, record.started.then(() => record)]);
    } finally {
      this.#open.delete(record);
    }
  }
}

/** Whether the thread stays idle without the turn that the server named. */
async function hasBecomeIdle(named: TurnRecord, thread: Thread): Promise<boolean> {
  for (let times = 0; times < IDLE_TIMES; times++) {
    await thread.server.pause(BEGIN_MS);
    // If another turn runs, its end is the next occasion. A new connection finds out what it has missed.
    if (!(await thread.askWhetherActive()) || thread.starts.isActive) return false;
  }
  return named.phase === "starting";
}

function drop(named: TurnRecord, { turn }: Start): void {
  const why =
    "the server merged its message into another client's turn, which ended without processing it";
  turn.reject(new MessageUnansweredError(named, why));
  named.drop();
}

/**
 * Whether the item is the message of the start. Servers older than 0.144 don't show the ids that
 * clients give to their messages.
 */
function isMessageOf({ messageId, text }: Start, { clientId, content }: Record<string, unknown>) {
  if (typeof clientId === "string") return clientId === messageId;
  return Array.isArray(content) && textOf(content) === text;
}

export function textOf(input: readonly UserInput[]): string {
  return input.flatMap((item) => (item.type === "text" ? [item.text] : [])).join("\n");
}
