import { expect, test } from "vitest";
import type { Thread } from "../../../src/index.ts";
import { fakeClient, turnCompleted, turnStarted } from "../../support/fake.ts";

const status = (type: string) => ({ threadId: "t1", status: { type, activeFlags: [] } });

const starts: [method: string, start: (thread: Thread) => Promise<unknown>][] = [
  ["thread/shellCommand", (thread) => thread.shell("echo hi")],
  ["thread/compact/start", (thread) => thread.compact()],
];

test.each(starts)(
  "%s doesn't wait for the second id of a review that another client has started meanwhile",
  async (method, start) => {
    const { server, codex } = fakeClient();
    server.answer("thread/read", () => ({ thread: { id: "t1", status: { type: "idle" } } }));
    const thread = await codex.threadStart();
    const starting = start(thread);
    const request = await server.request(method);
    const item = { type: "enteredReviewMode", id: "i1", review: "look" };
    server.notify("item/started", { threadId: "t1", turnId: "review", item });
    server.notify("thread/status/changed", status("active"));
    const inner = { id: "inner", status: "inProgress", items: [], rootTurnId: "review" };
    server.notify("turn/started", { threadId: "t1", turn: inner });
    request.respond({});
    server.notify("thread/status/changed", status("idle"));
    server.notify(...turnCompleted("t1", "review"));
    await expect(starting).rejects.toThrow("the server never reported the turn");
    const next = thread.run("hello");
    (await server.request("turn/start")).respond({ turn: { id: "u2" } });
    server.notify(...turnStarted("t1", "u2"));
    server.notify(...turnCompleted("t1", "u2"));
    expect((await next).status).toBe("completed");
    await codex.close();
  },
);
