import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { RequestContext } from "../../../src/index.ts";
import { tool } from "../../../src/index.ts";
import { answerTo, COMMAND, FILE, ids, runningTurn } from "../../support/asked-client.ts";
import { fakeClient, turnCompleted } from "../../support/fake.ts";

describe("handlers", () => {
  test("get params, item and method; their result is the answer", async () => {
    const seen: unknown[] = [];
    const { server } = await runningTurn({
      handlers: {
        [FILE]: (params, { item, method }) => {
          seen.push(params, item, method);
          return { decision: "acceptForSession" };
        },
      },
    });
    const item = { type: "fileChange", id: "i1", changes: [{ diff: "+x" }], status: "inProgress" };
    server.notify("item/started", { threadId: "t1", turnId: "u1", item });
    const { result } = await server.ask(FILE, ids);
    expect(result).toEqual({ decision: "acceptForSession" });
    expect(seen).toEqual([ids, item, FILE]);
  });

  test('"*" answers what nobody else does, methods of newer servers included', async () => {
    const methods: string[] = [];
    const { server, warnings } = await runningTurn({
      approvals: "accept",
      handlers: {
        "*": (params, { method }) => {
          methods.push(method);
          return { echo: params };
        },
      },
    });
    expect((await server.ask("brand/new", { a: 1 })).result).toEqual({ echo: { a: 1 } });
    expect((await server.ask(COMMAND, ids)).result).toEqual({ decision: "accept" });
    const { result } = await server.ask("currentTime/read", { threadId: "t1" });
    expect(result).toEqual({ currentTimeAt: expect.any(Number) });
    expect(methods).toEqual(["brand/new"]);
    expect(warnings).toEqual([]);
  });

  test("that throw cause an error for the server and a warning for the user", async () => {
    const cause = new Error("my fault");
    const { server, warnings, codex } = await runningTurn({
      handlers: {
        "item/tool/requestUserInput": () => {
          throw cause;
        },
      },
    });
    const { error } = await server.ask("item/tool/requestUserInput", ids);
    expect(error).toEqual({ code: -32603, message: "my fault" });
    expect(warnings).toMatchObject([{ code: "HANDLER_FAILED", cause }]);
    expect((await codex.threadStart()).id).toBe("t2");
  });

  test("may call the client and wait for it", async () => {
    const { server, codex } = await runningTurn({
      handlers: { "*": async () => (await codex.modelList()).data },
    });
    server.answer("model/list", () => ({ data: ["m"] }));
    expect((await server.ask("brand/new", {})).result).toEqual(["m"]);
  });

  test("run once for each request: several can wait, and answers can be out of order", async () => {
    const answers: ((value: string) => void)[] = [];
    const { server } = await runningTurn({
      handlers: { "*": () => new Promise((resolve) => answers.push(resolve)) },
    });
    const [first, second] = [server.ask("a", {}), server.ask("b", {})];
    await new Promise(setImmediate);
    answers[1]?.("B");
    expect((await second).result).toBe("B");
    answers[0]?.("A");
    expect((await first).result).toBe("A");
  });

  test("without a result answer null", async () => {
    const { result } = await answerTo("brand/new", {}, { handlers: { "*": () => undefined } });
    expect(result).toBeNull();
  });
});

describe("a request without a handler", () => {
  test("gets -32601, with one warning per method", async () => {
    const { server, warnings } = await runningTurn();
    for (const method of ["brand/new", "brand/new", "other/new"]) {
      const { error } = await server.ask(method, {});
      expect(error).toMatchObject({ code: -32601, message: expect.stringContaining(method) });
    }
    expect(warnings.map(({ code }) => code)).toEqual(["UNHANDLED_REQUEST", "UNHANDLED_REQUEST"]);
    expect(warnings[0]?.message).toContain('handlers: { "brand/new"');
  });

  test("is answered under its own id, including 0 and strings", async () => {
    const { server } = await runningTurn();
    for (const id of [0, 1, "seven", ""]) {
      expect(await server.ask("brand/new", {}, id)).toMatchObject({ id, error: { code: -32601 } });
    }
  });

  test("without params is answered all the same", async () => {
    const { server } = await runningTurn({ approvals: "accept" });
    server.send({ id: 5, method: COMMAND });
    expect(await server.message(({ id }) => id === 5)).toMatchObject({
      result: { decision: "accept" },
    });
  });
});

describe("a request that the server withdraws", () => {
  async function pending(id: number | string = 0) {
    let handled = (_context: RequestContext): void => {};
    const context = new Promise<RequestContext>((resolve) => {
      handled = resolve;
    });
    let answer = (_decision: "accept"): void => {};
    const running = await runningTurn({
      approvals: {
        command: (_params, given) => {
          handled(given);
          return new Promise((resolve) => {
            answer = resolve;
          });
        },
      },
    });
    running.server.send({ id, method: COMMAND, params: ids });
    const { signal } = await context;
    const answered = () =>
      running.server.received.some((m) => m.id === id && m.method === undefined);
    return { ...running, signal, answered, answer: () => answer("accept") };
  }

  test.each([[0], ["text"]])(
    "by serverRequest/resolved: the signal aborts, a late answer is dropped",
    async (id) => {
      const { server, codex, signal, answer, answered } = await pending(id);
      expect(signal.aborted).toBe(false);
      server.notify("serverRequest/resolved", { threadId: "t1", requestId: id });
      expect(signal.aborted).toBe(true);
      answer();
      await codex.threadStart();
      expect(answered()).toBe(false);
    },
  );

  test("by the end of the turn, too", async () => {
    const { server, turn, signal, answer, answered, codex } = await pending();
    server.notify(...turnCompleted("t1", "u1", "interrupted"));
    await turn.run();
    await codex.threadStart();
    expect(signal.aborted).toBe(true);
    answer();
    await codex.threadStart();
    expect(answered()).toBe(false);
  });

  test("by the end of the connection, too", async () => {
    const { server, codex, signal, answer } = await pending();
    server.disconnect();
    await codex.closed;
    expect(signal.aborted).toBe(true);
    answer();
  });

  test("while another continues: that one's answer is still sent", async () => {
    const { server, answer, answered, signal } = await pending();
    server.notify("serverRequest/resolved", { threadId: "t1", requestId: 99 });
    expect(signal.aborted).toBe(false);
    answer();
    await server.message(({ id }) => id === 0);
    expect(answered()).toBe(true);
  });
});

describe("tool calls", () => {
  const call = { ...ids, callId: "c", namespace: null, tool: "look", arguments: { at: "it" } };
  const look = tool({
    name: "look",
    description: "Looks",
    input: z.object({ at: z.string() }),
    execute: ({ at }) => `saw ${at}`,
  });

  test("go to the tools of their thread", async () => {
    const { server, codex } = fakeClient();
    await codex.threadStart();
    await codex.threadStart({ tools: [look] });
    const mine = await server.ask("item/tool/call", { ...call, threadId: "t2" });
    expect(mine.result).toMatchObject({ success: true, contentItems: [{ text: "saw it" }] });
    const none = await server.ask("item/tool/call", call);
    expect(none.result).toMatchObject({
      success: false,
      contentItems: [{ text: 'This client has no tool named "look".' }],
    });
  });
});
