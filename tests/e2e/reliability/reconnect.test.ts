import { describe, expect, it } from "vitest";
import type { Turn, TurnResult } from "../../../src/index.ts";
import { command, Gate, reasoning, reply, text, usage } from "../../../src/testing/index.ts";
import { startRelay } from "../../support/relay.ts";
import { startServed } from "../../support/served.ts";

/** What of a result must be the same whether or not the connection was cut. */
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

/** Together they cut from 3 ms after the start of a turn to beyond its end. */
const ROUNDS = 40;

describe("a cut connection", () => {
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

  it("at any moment, any number of times, leaves the result as it would have been", async () => {
    await using served = await startServed((request) =>
      request.lastOutput === undefined
        ? reply(reasoning("hm"), command("echo one"))
        : reply(
            text(
              Array.from({ length: 20 }, (_, index) => `${index} `),
              { delayMs: 2 },
            ),
            usage({ inputTokens: 5, outputTokens: 20 }),
          ),
    );
    await using relay = await startRelay(served.port);
    const codex = served.client({}, relay.port);
    const undisturbed = await (await served.client().threadStart()).run("go");
    for (let round = 0; round < ROUNDS; round++) {
      const thread = await codex.threadStart();
      const running = thread.run(`go ${round}`);
      const cuts = [1, 2, 3].map((nth) => setTimeout(relay.cut, nth * (3 + 4 * round)));
      const result = await running;
      cuts.forEach(clearTimeout);
      expect(essence(result), `round ${round}`).toEqual(essence(undisturbed));
    }
  });
});
