import { describe, expect, it, vi } from "vitest";
import { collect } from "../../support/e2e.ts";
import { messageCompleted, turnCompleted } from "../../support/fake.ts";
import { listOf, runningTurn, threadIs } from "../../support/running-turn.ts";

const spoken = { type: "agentMessage", id: "i1", text: "unheard", phase: null };

/** A turn whose thread was unsubscribed from and resumed, before the server has answered `thread/unsubscribe`. */
async function cameBack() {
  const { server, codex, thread, turn, count } = await runningTurn();
  server.answer("thread/resume", () => threadIs("active"));
  server.answer("thread/read", () => threadIs("active"));
  server.answer("thread/turns/list", () =>
    listOf({ id: "u1", status: "inProgress", items: [spoken] }),
  );
  const streamed = collect(turn.stream());
  const leaving = thread.unsubscribe();
  const unsubscribe = await server.request("thread/unsubscribe");
  await codex.threadResume("t1");
  return { server, codex, thread, turn, streamed, leaving, unsubscribe, count };
}

describe("a thread that is resumed before thread/unsubscribe is answered", () => {
  it("gives its turn the notifications that the server hadn't sent in between", async () => {
    const { server, codex, turn, streamed, leaving, unsubscribe } = await cameBack();
    unsubscribe.respond({ status: "unsubscribed" });
    await leaving;
    server.answer("thread/turns/list", () =>
      listOf({ id: "u1", status: "completed", items: [spoken] }),
    );
    server.notify(...turnCompleted("t1", "u1"));
    expect((await turn.run()).text).toBe("unheard");
    const methods = (await streamed).map(({ method }) => method);
    expect(methods.filter((method) => method === "item/completed")).toHaveLength(1);
    await codex.close();
  });

  it("is resumed again when the answer arrives, and stays usable", async () => {
    const { server, codex, thread, leaving, unsubscribe, count } = await cameBack();
    const resumed = count("thread/resume");
    unsubscribe.respond({ status: "unsubscribed" });
    await leaving;
    await vi.waitFor(() => expect(count("thread/resume")).toBeGreaterThan(resumed));
    const running = thread.run("next");
    server.answer("thread/turns/list", () =>
      listOf({ id: "u1", status: "completed", items: [spoken] }),
    );
    server.notify(...turnCompleted("t1", "u1"));
    server.answer("thread/read", () => threadIs("idle"));
    server.notify("thread/status/changed", { threadId: "t1", status: { type: "idle" } });
    (await server.request("turn/start")).respond({ turn: { id: "u2" } });
    server.notify(...messageCompleted("t1", "u2", "heard"));
    server.notify(...turnCompleted("t1", "u2"));
    expect((await running).text).toBe("heard");
    await codex.close();
  });
});
