import type { UserParts } from "./user.ts";
import type { TurnUse } from "./user-turns.ts";

/** More commands at once than the client allows requests in flight. */
const COMMANDS = 70;

/** Raw requests, as `codex.request` sends them. */
export class RawUse {
  readonly #parts: UserParts;
  readonly #turns: TurnUse;
  #markers = 0;

  constructor(parts: UserParts, turns: TurnUse) {
    this.#parts = parts;
    this.#turns = turns;
  }

  ask(): void {
    const { random } = this.#parts;
    this.#send(random.pick(["model/list", "thread/loaded/list", "brand/new"]));
  }

  flood(): void {
    for (let count = 0; count < 150; count++) this.ask();
  }

  /** Long commands, some of which their callers abandon; later requests mustn't wait for them. */
  execute(): void {
    const { oracle, codex, random } = this.#parts;
    const controller = new AbortController();
    for (let count = 0; count < COMMANDS; count++) {
      const marker = this.#nextMarker();
      const options = random.chance(0.3) ? { signal: controller.signal } : {};
      const params = { command: ["sleep", "20"], marker };
      const calls = codex.request("command/exec", params, options);
      calls.catch(() => {});
      if (options.signal) continue;
      oracle.watch(`command/exec ${marker}`, () => calls, { marker });
    }
    controller.abort(new Error("the user has gone"));
    this.#send("model/list");
  }

  /** Something that makes the server start a turn, now or later. */
  startSomething(): void {
    const { random, handles, server } = this.#parts;
    const threadId = handles.pick()?.id;
    if (threadId === undefined) return;
    const text = `raw #${this.#nextMarker()}`;
    const input = [{ type: "text" as const, text, text_elements: [] }];
    const starters = {
      shell: () => this.#start("thread/shellCommand", { threadId, command: "echo" }),
      review: () =>
        this.#start("review/start", { threadId, target: { type: "custom", instructions: "look" } }),
      compact: () => this.#start("thread/compact/start", { threadId }),
      queue: () => this.#start("thread/queue/add", { threadId, input, clientUserMessageId: text }),
      turn: () => this.#start("turn/start", { threadId, input }),
      goal: () =>
        this.#start("thread/goal/set", { threadId, objective: "all done", status: "active" }),
    };
    const starter = random.weighted({
      ...{ shell: 2, review: 2, compact: 1, queue: 2, turn: 1 },
      goal: server.temper.habits.has("goals") ? 3 : 0,
    });
    starters[starter]();
    // A user's next message often follows immediately.
    const thread = handles.threads.find(({ id }) => id === threadId);
    if (thread && random.chance(0.4)) this.#turns.runOn(thread);
  }

  #start(method: string, params: { readonly threadId: string; readonly [more: string]: unknown }) {
    const { codex, oracle, limits } = this.#parts;
    const options = limits.drawShort();
    const { threadId } = params;
    oracle.watch(`${method} on ${threadId}`, () => codex.request(method, params, options), {
      threadId,
      timeoutMs: options.timeoutMs,
    });
  }

  #send(method: string): void {
    const { codex, oracle, limits, requestTimeoutMs } = this.#parts;
    const marker = this.#nextMarker();
    const options = limits.draw();
    const { timeoutMs } = options;
    const withinMs = Math.min(timeoutMs ?? requestTimeoutMs, Number.MAX_SAFE_INTEGER);
    oracle.watch(`${method} ${marker}`, () => codex.request(method, { marker }, options), {
      withinMs,
      timeoutMs,
      marker,
    });
  }

  #nextMarker(): number {
    return ++this.#markers;
  }
}
