import { describe, expect, it } from "vitest";
import {
  type Codex,
  OutcomeUnknownError,
  type Thread,
  type Turn,
  type TurnResult,
} from "../../../src/index.ts";
import { command, Gate, reasoning, reply, text, usage } from "../../../src/testing/index.ts";
import { randomOf } from "../../support/random.ts";
import { startRelay } from "../../support/relay.ts";
import { startServed } from "../../support/served.ts";

/** The parts of a result that must be the same whether or not the connection was cut. */
function essence(result: TurnResult) {
  return {
    status: result.status,
    text: result.text,
    items: result.items.map(({ type }) => type),
    usage: result.usage?.tokenUsage.last.totalTokens,
    error: result.error,
  };
}

async function deltas(turn: Turn): Promise<string> {
  let all = "";
  for await (const part of turn.textStream()) all += part;
  return all;
}

const TURNS = Number(process.env.CUT_TURNS ?? 100);
const CLIENTS = 5;
/** A time between the start of a turn and a moment after its end, also while other turns run. */
const LAST_CUT_MS = 600;
const WORDS = Array.from({ length: 20 }, (_, index) => `${index} `);

/**
 * The client may notice a cut of the previous turn only now. It then doesn't know whether the thread exists, which
 * doesn't matter.
 */
async function startThread(codex: Codex): Promise<Thread> {
  try {
    return await codex.threadStart();
  } catch (error) {
    if (error instanceof OutcomeUnknownError) return startThread(codex);
    throw error;
  }
}

describe("a lost connection", () => {
  it("in the middle of a message loses nothing of it", async () => {
    const gate = new Gate();
    await using served = await startServed();
    await using relay = await startRelay(served.port);
    const codex = served.client({}, relay.port);
    served.model.enqueue(
      reply(
        text(["one ", "two ", gate, "three ", "four"]),
        usage({ inputTokens: 7, outputTokens: 3 }),
      ),
    );
    const thread = await codex.threadStart();
    const turn = await thread.turn("go");
    const streamed = deltas(turn);
    await gate.reached;
    relay.cut();
    const ready = new Promise<void>((resolve) => {
      codex.onStatus(({ state }) => state === "ready" && resolve());
    });
    await ready;
    gate.open();
    const result = await turn.run();
    expect(essence(result)).toEqual({
      status: "completed",
      text: "one two three four",
      items: ["userMessage", "agentMessage"],
      usage: 10,
      error: null,
    });
    expect(await streamed).toBe("one two three four");
    expect(relay.taken).toBe(2);
  });

  it(`at random moments of ${TURNS} turns changes no result`, async () => {
    await using served = await startServed((request) =>
      request.lastOutput === undefined
        ? reply(reasoning("hm"), command("echo one"))
        : reply(text(WORDS, { delayMs: 2 }), usage({ inputTokens: 5, outputTokens: 20 })),
    );
    const undisturbed = essence(await (await served.client().threadStart()).run("go"));
    await Promise.all(
      Array.from({ length: CLIENTS }, async (_, client) => {
        await using relay = await startRelay(served.port);
        const codex = served.client({}, relay.port);
        const random = randomOf(client);
        for (let round = 0; round < TURNS / CLIENTS; round++) {
          const thread = await startThread(codex);
          const turn = thread.turn("go");
          const streamed = turn.then(deltas);
          const moments = Array.from({ length: 3 }, () => Math.floor(random() * LAST_CUT_MS));
          const cuts = moments.map((ms) => setTimeout(relay.cut, ms));
          const result = await (await turn).run();
          cuts.forEach(clearTimeout);
          const which = `client ${client}, round ${round}, cuts at ${moments}`;
          expect(essence(result), which).toEqual(undisturbed);
          expect(await streamed, which).toBe(result.text);
        }
      }),
    );
  }, 120_000);
});
