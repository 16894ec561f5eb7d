import { describe, expect, it } from "vitest";
import { ModelUnreachableError } from "../../../src/index.ts";
import { startScripted } from "../../../src/testing/index.ts";
import { collect, failureOf } from "../../support/e2e.ts";

/** A client whose model can't be reached. */
async function withoutModel(options: { modelRetryMs?: number } = {}) {
  const scripted = await startScripted(options);
  await scripted.model.close();
  return scripted;
}

describe("a model that can't be reached", () => {
  it("is reported on the stream, and timeoutMs ends the turn", async () => {
    await using scripted = await withoutModel();
    const thread = await scripted.codex.threadStart();
    const turn = await thread.turn("go");
    const told = new Promise<unknown>((resolve) => {
      scripted.codex.on("error", ({ error, willRetry }) => resolve([willRetry, error.message]));
    });
    expect(await told).toEqual([true, expect.stringContaining("Reconnecting")]);
    const error = await failureOf(turn.run({ timeoutMs: 1 }));
    expect(error).toMatchObject({ code: "TURN_TIMEOUT", timeoutMs: 1 });
    const last = (await collect(turn.stream())).at(-1);
    expect(last).toMatchObject({
      method: "turn/completed",
      params: { turn: { status: "interrupted" } },
    });
  });

  it("for longer than modelRetryMs ends the turn here and on the server", async () => {
    await using scripted = await withoutModel({ modelRetryMs: 20 });
    const thread = await scripted.codex.threadStart();
    const ended = new Promise<string>((resolve) => {
      scripted.codex.on("turn/completed", ({ turn }) => resolve(turn.status));
    });
    const error = await failureOf(thread.run("go"));
    expect(error).toBeInstanceOf(ModelUnreachableError);
    expect(error).toMatchObject({ threadId: thread.id, modelRetryMs: 20 });
    expect(error.message).toContain("Its last error: Reconnecting");
    expect(await ended).toBe("interrupted");
  });

  it("for longer than modelRetryMs also ends the work on a goal, and pauses it", async () => {
    await using scripted = await withoutModel({ modelRetryMs: 20 });
    const thread = await scripted.codex.threadStart({ config: { features: { goals: true } } });
    const paused = new Promise<void>((resolve) => {
      thread.goal.onChange((goal) => goal?.status === "paused" && resolve());
    });
    expect(await failureOf(thread.goal.run("do it"))).toBeInstanceOf(ModelUnreachableError);
    await paused;
  });
});
