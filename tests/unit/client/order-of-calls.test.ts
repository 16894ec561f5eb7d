import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { InputItem } from "../../../src/index.ts";
import type { FakeAppServer } from "../../../src/testing/fake-app-server.ts";
import { fakeClient, turnCompleted, turnStarted } from "../../support/fake.ts";
import { png } from "../../support/sample-images.ts";

const BUSY = "Server overloaded; retry later.";

let folder: string;
/** An input that has to be read before it is sent. */
let picture: InputItem;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "codex-order-"));
  const path = join(folder, "a.png");
  await writeFile(path, png());
  picture = { type: "localImage", path };
});

afterAll(() => rm(folder, { recursive: true }));

/** Answers every start of a turn, and ends the turn; returns the texts of their inputs. */
function answerTurns(server: FakeAppServer): string[] {
  const texts: string[] = [];
  const ended = (id: string) =>
    queueMicrotask(() => {
      server.notify(...turnStarted("t1", id));
      server.notify(...turnCompleted("t1", id));
    });
  server.answer("turn/start", ({ input }) => {
    const [{ text = "a picture" } = {}] = input as { text?: string }[];
    texts.push(text);
    const id = `u${texts.length}`;
    ended(id);
    return { turn: { id, status: "inProgress", items: [] } };
  });
  server.answer("thread/shellCommand", () => {
    texts.push("a command");
    ended(`u${texts.length}`);
    return {};
  });
  return texts;
}

test("turns start in the order of the calls, however long each takes to prepare", async () => {
  const { server, codex } = fakeClient();
  const texts = answerTurns(server);
  const thread = await codex.threadStart();
  await Promise.all([
    thread.turn(picture),
    thread.turn("second", { cwd: folder }),
    thread.shell("true"),
    thread.turn("third"),
  ]);
  expect(texts).toEqual(["a picture", "second", "a command", "third"]);
  await codex.close();
});

test("a start that the server was too busy for isn't overtaken by a later one", async () => {
  const { server, codex } = fakeClient({ retryOnOverload: { initialDelayMs: 1 } });
  const thread = await codex.threadStart();
  const turns = [thread.turn("first"), thread.turn("second")];
  (await server.request("turn/start")).fail(-32001, BUSY);
  const texts = answerTurns(server);
  await Promise.all(turns);
  expect(texts).toEqual(["first", "second"]);
  await codex.close();
});

test("a call that fails before it is sent doesn't hold back the next one", async () => {
  const { server, codex } = fakeClient();
  const texts = answerTurns(server);
  const thread = await codex.threadStart();
  const failing = thread.turn("first", { cwd: join(folder, "missing") });
  const turn = thread.turn("second");
  await expect(failing).rejects.toThrow("missing");
  await turn;
  expect(texts).toEqual(["second"]);
  await codex.close();
});

test("what is written to a command's stdin arrives in order, even if the server was too busy for a part", async () => {
  const { server, codex } = fakeClient({ retryOnOverload: { initialDelayMs: 1 } });
  const command = codex.exec(["cat"]);
  await server.request("command/exec");
  const writing = Promise.all([command.write("a"), command.write("b"), command.closeStdin()]);
  (await server.request("command/exec/write")).fail(-32001, BUSY);
  const written: unknown[] = [];
  server.answer("command/exec/write", ({ deltaBase64, closeStdin }) => {
    written.push(closeStdin ? "end" : Buffer.from(String(deltaBase64), "base64").toString());
    return {};
  });
  await writing;
  expect(written).toEqual(["a", "b", "end"]);
  await codex.close();
});

test("messages are queued in the order of the calls", async () => {
  const { server, codex } = fakeClient();
  const queued: unknown[] = [];
  server.answer("thread/queue/list", () => ({ data: [] }));
  server.answer("thread/queue/add", ({ input }) => {
    queued.push((input as { type: string }[])[0]?.type);
    return { queuedSubmission: {} };
  });
  const thread = await codex.threadStart();
  await Promise.all([thread.queue(picture), thread.queue("second")]);
  expect(queued).toEqual(["localImage", "text"]);
  await codex.close();
});

test("messages steer a turn in the order of the calls", async () => {
  const { server, codex } = fakeClient({ retryOnOverload: { initialDelayMs: 1 } });
  const thread = await codex.threadStart();
  const starting = thread.turn("go");
  (await server.request("turn/start")).respond({ turn: { id: "u1" } });
  const turn = await starting;
  server.notify(...turnStarted("t1", "u1"));
  const steering = Promise.all([turn.steer(picture), turn.steer("second")]);
  (await server.request("turn/steer")).fail(-32001, BUSY);
  const sent: unknown[] = [];
  server.answer("turn/steer", ({ input }) => {
    sent.push((input as { type: string }[])[0]?.type);
    return { turnId: "u1" };
  });
  await steering;
  expect(sent).toEqual(["localImage", "text"]);
  await codex.close();
});

test.each(["pause", "clear"] as const)(
  "a goal's %s isn't sent before the goal, even if the server was too busy for that",
  async (later) => {
    const { server, codex } = fakeClient({ retryOnOverload: { initialDelayMs: 1 } });
    const thread = await codex.threadStart();
    const changing = Promise.all([
      thread.goal.set("first"),
      thread.goal[later](),
      thread.goal.set("second"),
    ]);
    const goal = { threadId: "t1", objective: "any", status: "paused" };
    (await server.request("thread/goal/set")).fail(-32001, BUSY);
    const sent: unknown[] = [];
    server.answer("thread/goal/set", ({ objective, status }) => {
      sent.push(objective ?? status);
      return { goal };
    });
    server.answer("thread/goal/clear", () => {
      sent.push("clear");
      return { cleared: true };
    });
    await changing;
    expect(sent).toEqual(["first", later === "pause" ? "paused" : "clear", "second"]);
    await codex.close();
  },
);
