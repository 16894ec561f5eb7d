import { describe, expect, test } from "vitest";
import { delay, Gate, reply, text } from "../../../src/testing/index.ts";
import { sharedServer } from "../../support/e2e.ts";

const TURN_IDLE_MS = 80;
/** Long enough for the client to ask the server several times. */
const SILENCE_MS = 10 * TURN_IDLE_MS;

const server = sharedServer({ turnIdleMs: TURN_IDLE_MS });

describe("a turn that is silent for longer than turnIdleMs", () => {
  test("is still streamed as it arrives", async () => {
    const gate = new Gate();
    server.model.enqueue(text(["one ", delay(SILENCE_MS), "two ", gate, "three"]));
    const thread = await server.codex.threadStart();
    const words = (await thread.turn("go")).textStream();
    expect((await words.next()).value).toBe("one ");
    // The model sends the rest only after this has been read.
    expect((await words.next()).value).toBe("two ");
    gate.open();
    expect((await words.next()).value).toBe("three");
    expect((await words.next()).done).toBe(true);
  }, 8_000);

  test.each([
    ["an ephemeral thread", { ephemeral: true }],
    ["a stored thread", {}],
  ])("on %s continues, and its result is complete", async (_what, options) => {
    server.model.enqueue(text(["one ", delay(SILENCE_MS), "two"]));
    const thread = await server.codex.threadStart(options);
    const result = await thread.run("go");
    expect([result.status, result.text]).toEqual(["completed", "one two"]);
    expect(result.items.map(({ type }) => type)).toEqual(["userMessage", "agentMessage"]);
    expect(result.usage?.tokenUsage.last.totalTokens).toBe(15);
  });

  test("before the model has answered continues too", async () => {
    server.model.enqueue(reply(delay(SILENCE_MS), "late"));
    const thread = await server.codex.threadStart({ ephemeral: true });
    expect((await thread.run("go")).text).toBe("late");
  });

  test("leaves the thread free for the next one", async () => {
    server.model.enqueue(text(["one ", delay(SILENCE_MS), "two"]), "second");
    const thread = await server.codex.threadStart({ ephemeral: true });
    const [first, second] = await Promise.all([thread.run("go"), thread.run("again")]);
    expect([first.text, second.text]).toEqual(["one two", "second"]);
  });
});
