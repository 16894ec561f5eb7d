import { describe, expect, it } from "vitest";
import { FakeAppServer } from "../../../src/testing/index.ts";
import { fakeClient, messageCompleted, turnCompleted, turnStarted } from "../../support/fake.ts";
import { waitUntil } from "../../support/wait-until.ts";

/** A thread on a server of this version, which answers each start with a new turn. */
async function threadOn(version: string) {
  const server = new FakeAppServer();
  server.answer("initialize", () => ({ userAgent: `fake/${version} (memory)` }));
  server.answer("thread/start", () => ({ thread: { id: "t1", status: { type: "idle" } } }));
  server.answer("thread/turns/list", () => ({ data: [] }));
  const { codex } = fakeClient({ transport: server.endpoint, turnIdleMs: 0 });
  const thread = await codex.threadStart();
  const message = (turnId: string, text: string, clientId: string | null) => {
    const content = [{ type: "text", text, text_elements: [] }];
    const item = { type: "userMessage", id: `of ${text}`, clientId, content };
    server.notify("item/started", { threadId: "t1", turnId, item });
    server.notify("item/completed", { threadId: "t1", turnId, item });
  };
  /** Answers the next start with this turn, and returns the id of its message. */
  const answerStart = async (turnId: string) => {
    const request = await server.request("turn/start");
    request.respond({ turn: { id: turnId, status: "inProgress", items: [] } });
    return String(request.params.clientUserMessageId);
  };
  const idle = () => {
    server.answer("thread/read", () => ({ thread: { id: "t1", status: { type: "idle" } } }));
    server.notify("thread/status/changed", { threadId: "t1", status: { type: "idle" } });
  };
  return { server, thread, message, answerStart, idle };
}

describe("a start that an old server has merged into another client's turn", () => {
  it.each([
    ["0.144.0", "by its id", (id: string) => id],
    ["0.125.0", "by its text", () => null],
  ])(
    "on %s, has the result of that turn, which shows its message %s",
    async (version, _, clientId) => {
      const { server, thread, message, answerStart } = await threadOn(version);
      const running = thread.run("mine");
      const id = await answerStart("never begins");
      server.notify(...turnStarted("t1", "others"));
      message("others", "theirs", clientId("another client's"));
      message("others", "mine", clientId(id));
      server.notify(...messageCompleted("t1", "others", "both"));
      server.notify(...turnCompleted("t1", "others"));
      expect(await running).toMatchObject({ turnId: "others", status: "completed", text: "both" });

      const next = thread.run("next");
      const nextId = await answerStart("second");
      server.notify(...turnStarted("t1", "second"));
      message("second", "next", clientId(nextId));
      server.notify(...messageCompleted("t1", "second", "answer"));
      server.notify(...turnCompleted("t1", "second"));
      expect(await next).toMatchObject({ turnId: "second", text: "answer" });
    },
  );

  it.each(["0.144.0", "0.125.0"])(
    "on %s, is sent again if that turn ends without its message and no other turn begins",
    async (version) => {
      const { server, thread, message, answerStart, idle } = await threadOn(version);
      const running = thread.run("mine");
      await answerStart("never begins");
      server.notify(...turnStarted("t1", "others"));
      message("others", "theirs", null);
      server.notify("turn/completed", {
        threadId: "t1",
        turn: { id: "others", status: "interrupted", items: [] },
      });
      idle();
      const id = await answerStart("second");
      server.notify(...turnStarted("t1", "second"));
      message("second", "mine", version === "0.125.0" ? null : id);
      server.notify(...messageCompleted("t1", "second", "answer"));
      server.notify(...turnCompleted("t1", "second"));
      expect(await running).toMatchObject({ turnId: "second", text: "answer" });
    },
  );

  it("is its own turn if that begins after the end of the other one", async () => {
    const { server, thread, message, answerStart, idle } = await threadOn("0.144.0");
    const running = thread.run("mine");
    const id = await answerStart("own");
    server.notify(...turnStarted("t1", "others"));
    server.notify(...turnCompleted("t1", "others"));
    idle();
    const times = (asked: string) =>
      server.received.filter(({ method }) => method === asked).length;
    await waitUntil("the client asks", () => times("thread/read") === 1);
    server.notify(...turnStarted("t1", "own"));
    await waitUntil("it asks again", () => times("thread/read") === 2);
    message("own", "mine", id);
    server.notify(...messageCompleted("t1", "own", "answer"));
    server.notify(...turnCompleted("t1", "own"));
    expect(await running).toMatchObject({ turnId: "own", text: "answer" });
    expect(times("turn/start")).toBe(1);
  });

  it("is its own turn if that begins, whatever other turns show", async () => {
    const { server, thread, message, answerStart } = await threadOn("0.125.0");
    const running = thread.run("same");
    await answerStart("first");
    server.notify(...turnStarted("t1", "first"));
    message("first", "same", null);
    message("others", "same", null);
    server.notify(...messageCompleted("t1", "first", "answer"));
    server.notify(...turnCompleted("t1", "first"));
    expect(await running).toMatchObject({ turnId: "first", text: "answer" });
  });
});
