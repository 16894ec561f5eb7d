import { type Context, context, ROOT_CONTEXT } from "@opentelemetry/api";
import { recordOf } from "../timeline/foreign.ts";
import type {
  RequestDiagnostics,
  TurnDiagnostics,
  TurnNotificationDiagnostics,
} from "../util/channels.ts";
import { OpenTurn, type Recording } from "./open-turn.ts";

/** Requests that start a turn. */
const STARTS: ReadonlySet<string> = new Set([
  ...["turn/start", "review/start", "thread/shellCommand", "thread/compact/start"],
]);
/** Requests whose result has the thread's model. */
const OPENS: ReadonlySet<string> = new Set(["thread/start", "thread/resume", "thread/fork"]);
/** The number of threads whose model is remembered. */
const MAX_MODELS = 1_000;

/** The running turns, and the messages that belong to each. */
export class Turns {
  readonly #recording: Recording;
  readonly #byTurn = new Map<string, OpenTurn>();
  /** Requested turns whose ids aren't known yet: at most one for each thread. */
  readonly #asked = new Map<string, OpenTurn>();
  readonly #models = new Map<string, string>();

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  /** Notes that a request is about to be sent. Returns the context of the turn that it starts, if any. */
  asks({ method, params }: RequestDiagnostics): Context | undefined {
    if (!STARTS.has(method)) return undefined;
    const { threadId, model } = recordOf(params);
    if (typeof threadId !== "string") return undefined;
    const name = typeof model === "string" ? model : this.#models.get(threadId);
    const turn = new OpenTurn(threadId, name, context.active(), this.#recording);
    this.#asked.get(threadId)?.end({ error: new Error("The turn never started") });
    this.#asked.set(threadId, turn);
    return turn.context;
  }

  /** Notes that the request was answered, or has failed. */
  answered({ method, params, result, error }: RequestDiagnostics): void {
    if (OPENS.has(method)) this.#learnModel(recordOf(result));
    if (!STARTS.has(method) || error === undefined) return;
    const { threadId } = recordOf(params);
    if (typeof threadId !== "string") return;
    this.#asked.get(threadId)?.end({ error });
    this.#asked.delete(threadId);
  }

  started({ threadId, turnId }: TurnDiagnostics): void {
    if (this.#byTurn.has(turnId)) return;
    const asked = this.#asked.get(threadId);
    this.#asked.delete(threadId);
    // A turn without a request was started by another client, and the active context belongs to another call.
    const model = this.#models.get(threadId);
    const turn = asked ?? new OpenTurn(threadId, model, ROOT_CONTEXT, this.#recording);
    turn.turnId = turnId;
    this.#byTurn.set(turnId, turn);
  }

  notified({ threadId, turnId, method, params }: TurnNotificationDiagnostics): void {
    const turn = this.of(threadId, turnId);
    turn?.notified(method, recordOf(params), turn.threadId === threadId);
  }

  ended(event: TurnDiagnostics): void {
    this.#byTurn.get(event.turnId)?.end(event);
    this.#byTurn.delete(event.turnId);
  }

  /**
   * The turn with this id, or the one that this sub-agent works for. A turn's first messages can
   * arrive before its id is known.
   */
  of(threadId: unknown, turnId: unknown): OpenTurn | undefined {
    const known = typeof turnId === "string" ? this.#byTurn.get(turnId) : undefined;
    if (known || typeof threadId !== "string") return known;
    const asked = this.#asked.get(threadId);
    if (asked) return asked;
    return [...this.#byTurn.values()].find(({ children }) => children.has(threadId));
  }

  /** Stops recording: the spans of running turns are cut off. */
  end(): void {
    const error = new Error("The instrumentation was stopped");
    for (const turn of [...this.#byTurn.values(), ...this.#asked.values()]) turn.end({ error });
    this.#byTurn.clear();
    this.#asked.clear();
  }

  #learnModel({ thread, model }: Readonly<Record<string, unknown>>): void {
    const { id } = recordOf(thread);
    if (typeof id !== "string" || typeof model !== "string") return;
    this.#models.delete(id);
    this.#models.set(id, model);
    for (const oldest of this.#models.keys()) {
      if (this.#models.size <= MAX_MODELS) break;
      this.#models.delete(oldest);
    }
  }
}
