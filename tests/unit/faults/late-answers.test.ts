import { expect, it } from "vitest";
import { RequestTimeoutError, type Thread } from "../../../src/index.ts";
import { failureOf } from "../../support/e2e.ts";
import { fakeClient, messageCompleted, turnCompleted, turnStarted } from "../../support/fake.ts";

type Start = (thread: Thread, request: Raw) => Promise<unknown>;

const starts: [call: string, method: string, start: Start][] = [
  ["run()", "turn/start", (thread) => thread.run("one")],
  ["review()", "review/start", (thread) => thread.review({ type: "custom", instructions: "look" })],
  [
    "request()",
    "turn/start",
    (thread, request) => request("turn/start", { threadId: thread.id, input: [] as never[] }),
  ],
];

type Raw = (method: "turn/start", params: { threadId: string; input: never[] }) => Promise<unknown>;

it.each(starts)(
  "a turn of %s that is over before its late answer isn't reported again, and nothing waits for it",
  async (_call, method, start) => {
    const { server, codex } = fakeClient({ requestTimeoutMs: 20 });
    const thread = await codex.threadStart();
    const shown: string[] = [];
    thread.onTurn((turn) => shown.push(turn.id));
    const failing = failureOf(start(thread, (name, params) => codex.request(name, params)));
    const request = await server.request(method);
    server.notify(...turnStarted("t1", "u1"));
    server.notify(...messageCompleted("t1", "u1", "hello"));
    expect(await failing).toBeInstanceOf(RequestTimeoutError);
    server.notify(...turnCompleted("t1", "u1"));
    request.respond({ turn: { id: "u1" } });
    const next = thread.run("two");
    (await server.request("turn/start")).respond({ turn: { id: "u2" } });
    server.notify(...turnCompleted("t1", "u2"));
    expect((await next).turnId).toBe("u2");
    expect(shown).toEqual(["u1", "u2"]);
    await codex.close();
  },
);
