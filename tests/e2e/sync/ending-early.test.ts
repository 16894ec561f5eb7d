import {
  RequestTimeoutError,
  TurnAbortedError,
  TurnFailedError,
  TurnTimeoutError,
  type WaitOptions,
} from "codex-app-server";
import { expect, test } from "vitest";
import { bench, fresh, syncClients, thrownBy } from "../../support/both-clients.ts";

const server = bench();
const clients = syncClients(server);
const held = () => ({ text: ["be", { gate: fresh("gate") }, "fore"] });

test("timeoutMs interrupts the turn", async () => {
  await server.model.enqueue(held());
  const thread = clients.shared.threadStart();
  const error = thrownBy(() => thread.run("hi", { timeoutMs: 300 }));
  expect(error).toBeInstanceOf(RequestTimeoutError);
  expect(error).toMatchObject({ method: "turn", timeoutMs: 300 });
  expect(thread.run("next").text).toBe("echo next");
});

test("a signal that has aborted makes the call throw its reason", () => {
  const reason = new Error("enough");
  const signal = AbortSignal.abort(reason);
  expect(thrownBy(() => clients.shared.threadStart().run("hi", { signal }))).toBe(reason);
  expect(thrownBy(() => clients.shared.modelList({ signal }))).toBe(reason);
  expect(thrownBy(() => clients.client({ signal }))).toBe(reason);
});

test("a signal that aborts between two events interrupts the turn", async () => {
  await server.model.enqueue(held());
  const controller = new AbortController();
  const reason = new Error("enough");
  const turn = clients.shared.threadStart().turn("hi", { signal: controller.signal });
  const read = () => {
    for (const { method } of turn.stream()) {
      if (method === "item/agentMessage/delta") controller.abort(reason);
    }
  };
  for (const error of [thrownBy(read), thrownBy(() => turn.run())]) {
    expect(error).toBeInstanceOf(TurnAbortedError);
    expect(error).toMatchObject({ code: "TURN_ABORTED", cause: reason, result: { text: "be" } });
    expect(typeof (error as TurnAbortedError).result.throwIfFailed).toBe("function");
  }
});

test("a signal that aborts in a handler ends the call that waits", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  using own = clients.client({
    approvals: {
      command: () => {
        controller.abort(reason);
        return "decline";
      },
    },
  });
  const gate = fresh("gate");
  await server.model.enqueue({ command: "true", escalate: "to see" }, { text: [{ gate }] });
  const thread = own.threadStart({ approvalPolicy: "on-request" });
  const error = thrownBy(() => thread.run("hi", { signal: controller.signal }));
  expect(error.cause).toBe(reason);
});

test("a stream takes a signal and a time limit", async () => {
  await server.model.enqueue(held(), held());
  const controller = new AbortController();
  const thread = clients.shared.threadStart();
  const read = (turn: ReturnType<typeof thread.turn>, options: WaitOptions) => () => {
    for (const _ of turn.textStream(options)) controller.abort(new Error("enough"));
  };
  const aborted = thrownBy(read(thread.turn("hi"), { signal: controller.signal }));
  expect(aborted).toBeInstanceOf(TurnAbortedError);
  const late = thrownBy(read(thread.turn("hi"), { timeoutMs: 200 }));
  expect(late).toBeInstanceOf(TurnTimeoutError);
  expect(late).toMatchObject({ timeoutMs: 200, result: { text: "be" } });
});

test("interrupt() leads to a result whose throwIfFailed() throws", async () => {
  await server.model.enqueue(held());
  const turn = clients.shared.threadStart().turn("hi");
  expect(turn.interrupt()).toEqual({});
  const result = turn.run();
  expect(result.status).toBe("interrupted");
  expect(thrownBy(() => result.throwIfFailed())).toBeInstanceOf(TurnFailedError);
});

test("a turn continues when its reader leaves the loop", async () => {
  const gate = fresh("gate");
  await server.model.enqueue({ text: ["be", { gate }, "fore"] });
  const turn = clients.shared.threadStart().turn("hi");
  for (const words of turn.textStream()) {
    expect(words).toBe("be");
    break;
  }
  await server.model.open(gate);
  expect(turn.run().text).toBe("before");
});
