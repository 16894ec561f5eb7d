import { describe, expect, test } from "vitest";
import { CodexError } from "../../src/index.ts";
import { command, Gate, text } from "../../src/testing/index.ts";
import { collect, failureOf, nextOf, sharedServer } from "../support/e2e.ts";

const server = sharedServer({ script: (request) => `echo ${request.userText}` });

async function heldTurn() {
  const gate = new Gate();
  server.model.enqueue(text(["be", gate, "fore"]));
  const thread = await server.codex.threadStart();
  const turn = await thread.turn("hi");
  return { gate, thread, turn };
}

describe("steer", () => {
  test("reaches the model within the same turn", async () => {
    const { gate, turn } = await heldTurn();
    await gate.reached;
    const before = server.model.requests.length;
    expect(await turn.steer("and in French")).toEqual({ turnId: turn.id });
    gate.open();
    const result = await turn.run();
    expect(result.status).toBe("completed");
    expect(result.text).toBe("echo and in French");
    expect(server.model.requests.length).toBe(before + 1);
    expect(server.model.requests.at(-1)?.userText).toBe("and in French");
  });

  test("right after turn() waits until the server has started the turn", async () => {
    const { gate, turn } = await heldTurn();
    await turn.steer(["more", { type: "text", text: "words" }]);
    gate.open();
    await turn.run();
    expect(server.model.requests.at(-1)?.userText).toBe("more\nwords");
  });

  test("of a turn that has ended is an error that says what to do", async () => {
    const thread = await server.codex.threadStart();
    const turn = await thread.turn("hi");
    await turn.run();
    const error = await failureOf(turn.steer("late"));
    expect(error).toBeInstanceOf(CodexError);
    expect(error.message).toContain("start a new turn");
  });

  test("of a turn that this client no longer follows says why it doesn't", async () => {
    const { gate, thread, turn } = await heldTurn();
    await gate.reached;
    await thread.unsubscribe();
    const error = await failureOf(turn.steer("late"));
    expect(error.message).toContain("was unsubscribed");
    gate.open();
  });

  test("with an empty input is refused before it is sent", async () => {
    const { gate, turn } = await heldTurn();
    await expect(turn.steer("")).rejects.toThrow("input is empty");
    gate.open();
    await turn.run();
  });
});

describe("interrupt", () => {
  test("right after turn() ends the turn as interrupted", async () => {
    const { gate, turn, thread } = await heldTurn();
    await turn.interrupt();
    const result = await turn.run();
    expect(result.status).toBe("interrupted");
    expect(() => result.throwIfFailed()).toThrow("was interrupted");
    // The model may not have been asked yet: the held reply is then for the next turn.
    gate.open();
    expect((await thread.run("next")).status).toBe("completed");
  });

  test("while the model is paused ends stream, text and run, with the partial result", async () => {
    const { gate, turn, thread } = await heldTurn();
    const said = nextOf(server.codex, "item/agentMessage/delta", (p) => p.turnId === turn.id);
    const reads = [collect(turn.stream()), collect(turn.stream())];
    const words = collect(turn.textStream());
    await said;
    await gate.reached;
    expect(await turn.interrupt()).toEqual({});
    const [one, two] = await Promise.all(reads);
    expect(one?.at(-1)?.method).toBe("turn/completed");
    expect(two?.length).toBe(one?.length);
    expect((await words).join("")).toBe("be");
    expect((await turn.run()).status).toBe("interrupted");
    expect((await thread.run("next")).text).toBe("echo next");
  });

  test("from inside the stream's loop does not wait for the loop", async () => {
    const { turn } = await heldTurn();
    let last = "";
    for await (const { method } of turn.stream()) {
      last = method;
      if (method === "item/agentMessage/delta") await turn.interrupt();
    }
    expect(last).toBe("turn/completed");
  });

  test("after the end resolves, no matter how often it is called", async () => {
    const thread = await server.codex.threadStart();
    const turn = await thread.turn("hi");
    await turn.run();
    expect(await Promise.all([turn.interrupt(), turn.interrupt()])).toEqual([{}, {}]);
  });

  test("stops a running command", async () => {
    const { codex, model } = server;
    model.enqueue(command("sleep 600", { args: { yield_time_ms: 30_000 } }));
    const thread = await codex.threadStart({ sandbox: "danger-full-access" });
    const started = nextOf(codex, "item/started", (p) => p.item.type === "commandExecution");
    const turn = await thread.turn("run");
    await started;
    await turn.interrupt();
    expect((await turn.run()).status).toBe("interrupted");
  });
});
