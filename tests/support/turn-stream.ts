import fc from "fast-check";

export interface Sent {
  readonly method: string;
  readonly params: Record<string, unknown>;
}

/** The notifications of some turns, and the server's history after each of them. */
export interface TurnStream {
  readonly threadId: string;
  readonly notifications: readonly Sent[];
  /** The turns that the history lists after this many notifications, oldest first. */
  history(after: number): Record<string, unknown>[];
}

interface ItemPlan {
  readonly type: "agentMessage" | "reasoning" | "commandExecution" | "fileChange" | "odd";
  readonly deltas: readonly string[];
  readonly status: "completed" | "failed" | "declined";
}

interface TurnPlan {
  readonly items: readonly ItemPlan[];
  /** Which of the open items continues, and whether a new one starts. */
  readonly choices: readonly number[];
  readonly status: "completed" | "failed" | "interrupted";
  readonly steps: readonly number[];
}

const THREAD = "thread";

const item: fc.Arbitrary<ItemPlan> = fc.record({
  type: fc.constantFrom("agentMessage", "reasoning", "commandExecution", "fileChange", "odd"),
  deltas: fc.array(fc.string(), { maxLength: 4 }),
  status: fc.constantFrom("completed", "failed", "declined"),
});

const turn: fc.Arbitrary<TurnPlan> = fc.record({
  items: fc.array(item, { maxLength: 5 }),
  choices: fc.array(fc.nat(), { minLength: 1, maxLength: 20 }),
  status: fc.constantFrom("completed", "failed", "interrupted"),
  steps: fc.array(fc.nat(2), { minLength: 1, maxLength: 5 }),
});

/** Turns as a server sends and stores them: every item ends before its turn does. */
export const turnStreams: fc.Arbitrary<TurnStream> = fc
  .array(turn, { minLength: 1, maxLength: 4 })
  .map((plans) => new Server().play(plans));

class Server {
  readonly #sent: Sent[] = [];
  readonly #turns: { turn: Record<string, unknown>; from: number; to: number; items: Stored[] }[] =
    [];
  #now = 1_800_000_000_000;

  play(plans: readonly TurnPlan[]): TurnStream {
    for (const [index, plan] of plans.entries()) this.#turn(index, plan);
    return {
      threadId: THREAD,
      notifications: this.#sent,
      history: (after) =>
        this.#turns.flatMap(({ turn, from, to, items }) => {
          if (after <= from) return [];
          const stored = items.filter(({ at }) => at < after).map((one) => one.item);
          const open = { status: "inProgress", error: null, completedAt: null, durationMs: null };
          const known = after > to ? turn : { ...turn, ...open };
          return [{ ...known, items: stored, itemsView: "full" }];
        }),
    };
  }

  #turn(index: number, plan: TurnPlan): void {
    const id = `00000000-0000-7000-8000-${index.toString().padStart(12, "0")}`;
    const startedAt = Math.floor(this.#now / 1000);
    const base = { id, rootTurnId: id, items: [], itemsView: "notLoaded", startedAt };
    const from = this.#sent.length;
    const began = { status: "inProgress", error: null, completedAt: null, durationMs: null };
    this.#send("turn/started", { turn: { ...base, ...began } });
    const items: Stored[] = [];
    this.#items(id, plan, items);
    const error = plan.status === "failed" ? { message: "failed", codexErrorInfo: "other" } : null;
    const completedAt = Math.floor(this.#now / 1000);
    const turn = { ...base, status: plan.status, error, completedAt, durationMs: 5 };
    const summary = items.map((one) => one.item).findLast(({ type }) => type === "agentMessage");
    const end = { ...turn, items: summary ? [summary] : [], itemsView: "summary" };
    this.#turns.push({ turn, from, to: this.#sent.length, items });
    this.#send("turn/completed", { turn: end });
  }

  #items(turnId: string, plan: TurnPlan, stored: Stored[]): void {
    const waiting = plan.items.map((one, index) => ({ ...one, id: `${turnId}-${index}`, sent: 0 }));
    const open: ((typeof waiting)[number] & { startedAtMs: number })[] = [];
    for (let step = 0; waiting.length + open.length > 0; step++) {
      this.#now += plan.steps[step % plan.steps.length] ?? 0;
      const choice = plan.choices[step % plan.choices.length] ?? 0;
      const next = open[choice % (open.length + 1)];
      if (!next) {
        const begun = waiting.shift();
        if (!begun) {
          this.#advance(turnId, open[0], open, stored);
          continue;
        }
        const started = { ...begun, startedAtMs: this.#now };
        open.push(started);
        this.#send("item/started", {
          turnId,
          item: itemOf(started, false),
          startedAtMs: this.#now,
        });
      } else {
        this.#advance(turnId, next, open, stored);
      }
    }
  }

  #advance(
    turnId: string,
    next: (ItemPlan & { id: string; sent: number; startedAtMs: number }) | undefined,
    open: unknown[],
    stored: Stored[],
  ): void {
    if (!next) return;
    const method = METHODS[next.type];
    const delta = next.deltas[next.sent++];
    if (delta !== undefined) {
      const index = { summaryIndex: 0 };
      if (method) this.#send(method, { turnId, itemId: next.id, delta, ...index });
      return;
    }
    open.splice(open.indexOf(next), 1);
    const item = { ...itemOf(next, true), completedAtMs: this.#now };
    stored.push({ item, at: this.#sent.length });
    this.#send("item/completed", { turnId, item, completedAtMs: this.#now });
  }

  #send(method: string, params: Record<string, unknown>): void {
    this.#sent.push({ method, params: { threadId: THREAD, ...params } });
  }
}

interface Stored {
  readonly item: Record<string, unknown>;
  readonly at: number;
}

const METHODS: Partial<Record<ItemPlan["type"], string>> = {
  agentMessage: "item/agentMessage/delta",
  reasoning: "item/reasoning/summaryTextDelta",
  commandExecution: "item/commandExecution/outputDelta",
};

function itemOf(
  { id, type, deltas, status, startedAtMs }: ItemPlan & { id: string; startedAtMs: number },
  isDone: boolean,
): Record<string, unknown> {
  const whole = deltas.join("");
  const text = isDone ? whole : "";
  const about = { id, type, startedAtMs, completedAtMs: null };
  const state = isDone ? status : "inProgress";
  switch (type) {
    case "agentMessage":
      return { ...about, text, phase: null };
    case "reasoning":
      return { ...about, summary: isDone && deltas.length > 0 ? [whole] : [], content: [] };
    case "commandExecution": {
      const output = isDone ? text : null;
      return { ...about, command: "ls", cwd: "/", status: state, aggregatedOutput: output };
    }
    case "fileChange":
      return {
        ...about,
        changes: [{ path: "a", kind: { type: "add" }, diff: whole }],
        status: state,
      };
    default:
      return { ...about, anything: whole };
  }
}
