import { describe, expect, it } from "vitest";
import { fakeClient, messageCompleted, turnCompleted, turnStarted } from "../../support/fake.ts";

/** As many requests as the server may not have read yet. */
const WINDOW = 64;

describe("a start that waits to be sent behind a flood", () => {
  it("isn't sent into a turn that another client starts in the meantime", async () => {
    const { server, codex } = fakeClient();
    const thread = await codex.threadStart();
    const flood = Array.from({ length: WINDOW }, () => codex.request("model/list", {}));
    const running = thread.run("mine");
    const started = () => server.received.filter(({ method }) => method === "turn/start");
    await expect.poll(() => server.received.length).toBeGreaterThanOrEqual(WINDOW);
    expect(started()).toEqual([]);
    server.notify(...turnStarted("t1", "another's"));
    for (const _ of flood) (await server.request("model/list")).respond({ data: [] });
    await Promise.all(flood);
    expect(started()).toEqual([]);
    server.notify(...turnCompleted("t1", "another's"));
    const start = await server.request("turn/start");
    start.respond({ turn: { id: "mine", status: "inProgress", items: [] } });
    server.notify(...turnStarted("t1", "mine"));
    server.notify(...messageCompleted("t1", "mine", "done"));
    server.notify(...turnCompleted("t1", "mine"));
    expect((await running).text).toBe("done");
    expect(started()).toHaveLength(1);
    await codex.close();
  });
});

describe("a start that waits for a turn of another client", () => {
  it("continues to wait if the server's answer has no thread status", async () => {
    const { server, codex } = fakeClient();
    const thread = await codex.threadStart();
    server.answer("thread/read", () => ({ thread: { id: "t1", status: { type: null } } }));
    server.notify(...turnStarted("t1", "another's"));
    const running = thread.run("mine");
    const sent = (method: string) => server.received.filter((one) => one.method === method);
    await expect.poll(() => sent("thread/read").length, { timeout: 5_000 }).toBeGreaterThan(1);
    expect(sent("turn/start")).toEqual([]);
    server.notify(...turnCompleted("t1", "another's"));
    const start = await server.request("turn/start");
    start.respond({ turn: { id: "mine", status: "inProgress", items: [] } });
    server.notify(...turnStarted("t1", "mine"));
    server.notify(...turnCompleted("t1", "mine"));
    expect((await running).turnId).toBe("mine");
    await codex.close();
  });
});
