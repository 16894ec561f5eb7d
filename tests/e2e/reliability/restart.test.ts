import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import {
  type Codex,
  type CodexStatus,
  OutcomeUnknownError,
  TransportClosedError,
  TurnLostError,
  type TurnResult,
} from "../../../src/index.ts";
import { procTable } from "../../../src/process/process-table.ts";
import {
  command,
  Gate,
  reasoning,
  reply,
  type ScriptedOptions,
  startScripted,
  text,
} from "../../../src/testing/index.ts";
import { collect, failureOf } from "../../support/e2e.ts";
import { isOver, shows } from "../../support/live-timelines.ts";
import { randomOf } from "../../support/random.ts";

const KILLS = Number(process.env.KILLS ?? 25);
/** A time between the start of a turn and a moment after its end. */
const LAST_KILL_MS = 250;

const script: ScriptedOptions["script"] = (request) =>
  request.lastOutput === undefined
    ? reply(reasoning("hm"), command("echo one"))
    : text(["a ", "b ", "c"], { delayMs: 5 });

/** The tests of a file run one after another in this process, so its only child is the server. */
function killServer(): void {
  for (const pid of procTable.children(process.pid)) process.kill(pid, "SIGKILL");
}

function ending(run: Promise<TurnResult>): Promise<TurnResult | Error> {
  return run.catch((error: Error) => error);
}

/** Resolves when the client is ready the next time. */
function ready(codex: Codex): Promise<void> {
  return new Promise((resolve) => {
    const listening = codex.onStatus(({ state }) => {
      if (state !== "ready") return;
      listening[Symbol.dispose]();
      resolve();
    });
  });
}

describe("a server that is killed", () => {
  it(`in ${KILLS} turns at random moments: each ends, and the next turn of its thread works`, async () => {
    const restart = { maxRestarts: KILLS, initialDelayMs: 1 };
    await using scripted = await startScripted({ script, restart });
    const thread = await scripted.codex.threadStart();
    await thread.run("first");
    const random = randomOf(7);
    for (let round = 0; round < KILLS; round++) {
      const running = ending(thread.run(`round ${round}`));
      await wait(random() * LAST_KILL_MS);
      const back = ready(scripted.codex);
      killServer();
      const end = await running;
      await back;
      if (!(end instanceof Error)) expect(["completed", "interrupted"]).toContain(end.status);
      else if (!(end instanceof OutcomeUnknownError)) {
        // If a server dies before it has stored the turn, the next one doesn't know the turn.
        expect(end).toBeInstanceOf(TurnLostError);
        const { turnId } = end as TurnLostError;
        expect((await collect(thread.turns())).map(({ id }) => id)).not.toContain(turnId);
      }
      const next = await thread.run(`after round ${round}`);
      expect([next.status, next.text]).toEqual(["completed", "a b c"]);
    }
  }, 120_000);

  it("during a turn: the turn ends as interrupted, with the items that the server stored", async () => {
    const gate = new Gate();
    await using scripted = await startScripted({
      script: (request) =>
        request.lastOutput === undefined ? reply(command("echo one")) : text(["begun", gate, "."]),
      restart: {},
    });
    const thread = await scripted.codex.threadStart();
    const states: CodexStatus["state"][] = [];
    scripted.codex.onStatus(({ state }) => states.push(state));
    const turn = await thread.turn("go");
    const streamed = collect(turn.stream());
    await gate.reached;
    killServer();
    const result = await turn.run();
    expect(result.status).toBe("interrupted");
    expect(result.items.map(({ type }) => type)).toEqual(["userMessage", "commandExecution"]);
    expect((await streamed).at(-1)?.method).toBe("turn/completed");
    expect(states).toEqual(["reconnecting", "ready"]);
    expect(scripted.model.requests).toHaveLength(2);
  });

  it("during a review: it ends as interrupted, in timelines too", async () => {
    const gate = new Gate();
    await using scripted = await startScripted({
      script: ({ userText }) => (userText === "look" ? text(["begun", gate, "."]) : "free"),
      restart: {},
    });
    const thread = await scripted.codex.threadStart();
    using timeline = await thread.timeline();
    const review = await thread.review({ type: "custom", instructions: "look" });
    await gate.reached;
    killServer();
    expect((await review.run()).status).toBe("interrupted");
    expect((await thread.run("next")).text).toBe("free");
    const { turns } = await shows(timeline, isOver(2));
    expect(turns.map(({ id, state }) => [id === review.id, state])).toEqual([
      [true, "interrupted"],
      [false, "completed"],
    ]);
  });

  it("is given up after repeated attempts, with an error that says so", async () => {
    await using scripted = await startScripted({
      script,
      restart: { maxRestarts: 2, initialDelayMs: 1 },
    });
    const { codex } = scripted;
    for (let kill = 0; kill < 2; kill++) {
      const back = ready(codex);
      killServer();
      await back;
    }
    killServer();
    const reason = await codex.closed;
    expect(reason).toBeInstanceOf(TransportClosedError);
    expect(reason?.message).toContain(
      "The server was restarted 2 times within 60000 ms and won't be restarted again",
    );
    expect(codex.status).toEqual({ state: "closed", reason });
  });

  it("without the restart option: pending calls fail, and say how the server ended", async () => {
    const gate = new Gate();
    await using scripted = await startScripted({ script: [text(["begun", gate])] });
    const { codex } = scripted;
    const thread = await codex.threadStart();
    const turn = await thread.turn("go");
    const streamed = failureOf(collect(turn.stream()));
    const running = failureOf(turn.run());
    const listening = collect(codex.notifications()).catch((error: Error) => error);
    await gate.reached;
    killServer();
    for (const error of [await running, await streamed, await failureOf(codex.modelList())]) {
      expect(error).toBeInstanceOf(TransportClosedError);
      expect(error).toMatchObject({ signal: "SIGKILL", exitCode: null });
    }
    expect(await listening).toBeInstanceOf(TransportClosedError);
    expect(await codex.closed).toMatchObject({ signal: "SIGKILL" });
  });
});
