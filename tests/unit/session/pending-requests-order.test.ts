import fc from "fast-check";
import { expect, test } from "vitest";
import { Codex } from "../../../src/index.ts";
import { FakeAppServer } from "../../../src/testing/fake-app-server.ts";
import { COMMAND, ELICITATION } from "../../support/asked-client.ts";
import { turnCompleted, turnStarted } from "../../support/fake.ts";
import { waitUntil } from "../../support/wait-until.ts";

const FORM = { serverName: "s", mode: "form", message: "m", requestedSchema: { type: "object" } };

interface Asked {
  readonly message: { readonly id: number; readonly method: string; readonly params: object };
  readonly turn: number;
  /** Whether the server is still waiting: there is no answer, and its turn is running. */
  isOpen: boolean;
  answers: number;
}

/** A server with a thread that several clients share, and its requests. */
class SharedThread {
  readonly server = new FakeAppServer({ outlivesTransport: true });
  readonly asked: Asked[] = [];
  isConnected = true;
  #turn = 0;

  constructor() {
    const thread = () => ({
      thread: { id: "t1", turns: [], status: { type: "active", activeFlags: [] } },
    });
    this.server.answer("thread/start", () => ({ thread: { id: "t1", status: { type: "idle" } } }));
    this.server.answer("thread/read", thread);
    this.server.answer("thread/resume", (_params, request) => {
      request.respond(thread());
      for (const one of this.asked) if (one.isOpen) this.server.send(one.message);
    });
  }

  startTurn(): void {
    this.#turn++;
    if (this.isConnected) this.server.notify(...turnStarted("t1", `u${this.#turn}`));
  }

  ask(isForm: boolean): void {
    const id = this.asked.length;
    const params = { threadId: "t1", turnId: `u${this.#turn}`, itemId: "i", command: "ls" };
    const message = isForm
      ? { id, method: ELICITATION, params: { ...params, ...FORM } }
      : { id, method: COMMAND, params };
    this.asked.push({ message, turn: this.#turn, isOpen: true, answers: 0 });
    if (this.isConnected) this.server.send(message);
  }

  /** Another client has answered. */
  resolve(one: Asked): void {
    one.isOpen = false;
    const params = { threadId: "t1", requestId: one.message.id };
    if (this.isConnected) this.server.notify("serverRequest/resolved", params);
  }

  endTurn(): void {
    for (const one of this.asked) if (one.turn === this.#turn) one.isOpen = false;
    if (this.isConnected) this.server.notify(...turnCompleted("t1", `u${this.#turn}`));
    this.startTurn();
  }

  /** Applies the answers that have arrived. A late one is ignored, as by the real server. */
  takeAnswers(): void {
    for (const { id, method } of this.server.received.splice(0)) {
      const one =
        method === undefined ? this.asked.find(({ message }) => message.id === id) : undefined;
      if (!one?.isOpen) continue;
      one.answers++;
      this.resolve(one);
    }
  }
}

type Step =
  | { readonly do: "ask"; readonly isForm: boolean }
  | { readonly do: "answer" | "other" | "wrong"; readonly which: number }
  | { readonly do: "endTurn" | "cut" | "reconnect" | "wait" };

const which = fc.nat(20);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("ask" as const), isForm: fc.boolean() }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom("answer" as const, "other" as const, "wrong" as const),
      which,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom(
        "endTurn" as const,
        "cut" as const,
        "reconnect" as const,
        "wait" as const,
      ),
    }),
  },
);

/** Another client answers while this client is disconnected, and answers too. */
const examples: [Step[]][] = [
  [
    [
      { do: "ask", isForm: false },
      { do: "wait" },
      { do: "cut" },
      { do: "wait" },
      { do: "answer", which: 0 },
      { do: "other", which: 0 },
    ],
  ],
];

test("in any order of answers, withdrawals, ends of turns and cuts, each request is settled once", async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 40 }), play), {
    numRuns: 300,
    examples,
  });
});

async function play(steps: readonly Step[]): Promise<void> {
  const shared = new SharedThread();
  const { server, asked } = shared;
  let reachable = true;
  const transport = {
    ...server.endpoint,
    connect: (signal: AbortSignal) => {
      if (!reachable) throw new Error("nobody there");
      return server.endpoint.connect(signal);
    },
  };
  const reconnect = { initialDelayMs: 1, maxDelayMs: 1, maxAttempts: 1_000_000 };
  const codex = new Codex({ transport, approvals: "ask", reconnect, onWarning: () => {} });
  const added: string[] = [];
  const settled: string[] = [];
  codex.requests.on("added", ({ id }) => added.push(id));
  codex.requests.on("settled", ({ id }, reason) => {
    expect(["answered", "withdrawn", "turnEnded", "connectionLost"]).toContain(reason);
    settled.push(id);
  });
  const thread = await codex.threadStart();
  shared.startTurn();
  let answered = 0;
  const outcomes: Promise<unknown>[] = [];
  let underway = 0;
  /** Answers that were being sent when the connection was cut, so the server may not have received them. */
  let maybeLost = 0;
  const answer = (id: string, option: string) => {
    const count = () => answered++;
    const late = ({ code }: { code: string }) =>
      expect(["REQUEST_SETTLED", "INVALID_ANSWER"]).toContain(code);
    underway++;
    // The client hasn't noticed the cut yet.
    if (!shared.isConnected && codex.status.state === "ready") maybeLost++;
    const ended = () => underway--;
    outcomes.push(codex.requests.answer(id, option).then(count, late).finally(ended));
  };
  for (const one of steps) {
    switch (one.do) {
      case "ask":
        shared.ask(one.isForm);
        break;
      case "answer":
      case "wrong": {
        const id = added[one.which % (added.length || 1)];
        if (id !== undefined) answer(id, one.do === "wrong" ? "yes" : "accept");
        break;
      }
      case "other": {
        const open = asked.filter(({ isOpen }) => isOpen);
        const other = open[one.which % (open.length || 1)];
        if (other) shared.resolve(other);
        break;
      }
      case "endTurn":
        shared.endTurn();
        break;
      case "cut":
        if (shared.isConnected) maybeLost += underway;
        reachable = false;
        shared.isConnected = false;
        server.disconnect("cut");
        break;
      case "reconnect":
        reachable = true;
        break;
      case "wait":
        await new Promise((resolve) => setTimeout(resolve, 2));
        shared.isConnected = codex.status.state === "ready";
        break;
    }
    shared.takeAnswers();
  }
  reachable = true;
  await waitUntil("the client is back", () => codex.status.state === "ready");
  shared.isConnected = true;
  await Promise.all(outcomes);
  await waitUntil("client and server agree", () => {
    shared.takeAnswers();
    return codex.requests.pending.length === asked.filter(({ isOpen }) => isOpen).length;
  });
  shared.endTurn();
  await waitUntil("nothing is pending", () => codex.requests.pending.length === 0);
  shared.takeAnswers();
  await codex.close();
  expect(thread.id).toBe("t1");
  expect(settled.toSorted()).toEqual(added.toSorted());
  expect(new Set(added).size).toBe(added.length);
  for (const { answers } of asked) expect(answers).toBeLessThanOrEqual(1);
  // An answer that was accepted here is the one that counts on the server.
  const counted = asked.filter(({ answers }) => answers > 0).length;
  expect(answered).toBeGreaterThanOrEqual(counted);
  expect(answered).toBeLessThanOrEqual(counted + maybeLost);
}
