import { expect, it, vi } from "vitest";
import type { Turn } from "../../../src/index.ts";
import { turnCompleted, turnStarted } from "../../support/fake.ts";
import { listOf, message, runningTurn, threadIs } from "../../support/running-turn.ts";
import { waitUntil } from "../../support/wait-until.ts";

vi.setConfig({ testTimeout: 5_000 });

const own = { id: "u1", status: "completed", items: [], completedAt: 1, rootTurnId: "u1" };
const missed = {
  ...{ id: "u2", rootTurnId: "u2", status: "completed" },
  ...{ items: [{ ...message("whole"), id: "m-u2" }], completedAt: 5 },
};
const unclear = { ...missed, status: "interrupted", items: [], completedAt: null };
const running = { ...unclear, status: "inProgress" };

/** A connection that was cut after turn "u1", and the turns that `onTurn` has reported since then. */
async function afterCut(status: "active" | "idle" | "notLoaded", listed: () => object[]) {
  const fake = await runningTurn();
  const { server, thread, turn } = fake;
  server.answer("thread/read", () => threadIs(status));
  server.answer("thread/resume", () => threadIs(status === "notLoaded" ? "idle" : status));
  server.answer("thread/turns/list", () => listOf(...listed(), own));
  server.notify(...turnCompleted("t1", "u1"));
  await turn.run();
  const turns: Turn<undefined>[] = [];
  thread.onTurn((one) => turns.push(one));
  server.disconnect();
  return { ...fake, turns };
}

it("reports a missed turn whose end the server stores late", async () => {
  let listed: object = unclear;
  const { codex, turns, count } = await afterCut("idle", () => [listed]);
  await waitUntil("it is listed twice", () => count("thread/turns/list") > 1);
  listed = missed;
  await waitUntil("it is reported", () => turns.length > 0);
  expect(await turns[0]?.run()).toMatchObject({ status: "completed", text: "whole" });
  await codex.close();
});

it("reports a missed turn that ended with its server", async () => {
  const { codex, turns } = await afterCut("notLoaded", () => [unclear]);
  await waitUntil("it is reported", () => turns.length > 0);
  expect(await turns[0]?.run()).toMatchObject({ status: "interrupted" });
  await codex.close();
});

it("reports a turn that is running silently since the cut", async () => {
  let listed: object = running;
  const { server, codex, turns } = await afterCut("active", () => [listed]);
  await waitUntil("it is reported", () => turns.length > 0);
  listed = missed;
  server.notify(...turnCompleted("t1", "u2"));
  expect(await turns[0]?.run()).toMatchObject({ status: "completed", text: "whole" });
  await codex.close();
});

it("reports a missed review once, although it has two ids", async () => {
  const second = { ...running, id: "u3" };
  let listed: object[] = [second];
  const { server, codex, turns, count } = await afterCut("active", () => listed);
  await waitUntil("it is listed", () => count("thread/turns/list") > 0);
  listed = [missed, { ...second, status: "interrupted" }];
  const before = count("thread/turns/list");
  server.disconnect();
  await waitUntil("it is listed again", () => count("thread/turns/list") > before);
  await waitUntil("it is reported", () => turns.length > 0);
  expect(await turns[0]?.run()).toMatchObject({ turnId: "u2", text: "whole" });
  expect(turns).toHaveLength(1);
  await codex.close();
});

it("doesn't report turns that ran while the thread was unsubscribed, before anyone listened", async () => {
  const { server, codex, thread, turn, count } = await runningTurn();
  server.answer("thread/read", () => threadIs("idle"));
  server.answer("thread/resume", () => threadIs("idle"));
  server.answer("thread/unsubscribe", () => ({}));
  server.answer("thread/turns/list", () => listOf(missed, own));
  server.notify(...turnCompleted("t1", "u1"));
  await turn.run();
  await thread.unsubscribe();
  const same = await codex.threadResume("t1");
  const turns: Turn<undefined>[] = [];
  same.onTurn((one) => turns.push(one));
  const resumed = count("thread/resume");
  server.disconnect();
  await waitUntil("it is subscribed again", () => count("thread/resume") > resumed);
  const next = same.run("next");
  (await server.request("turn/start")).respond({ turn: { id: "u4" } });
  server.notify(...turnCompleted("t1", "u4"));
  await next;
  expect(turns.map(({ id }) => id)).toEqual(["u4"]);
  await codex.close();
});

it("ends a missed turn that died with its server once a later turn of the thread has ended", async () => {
  const later = { ...missed, id: "u3", rootTurnId: "u3" };
  let listed: object[] = [running];
  const { server, codex, thread, turns } = await afterCut("active", () => listed);
  await waitUntil("it is reported", () => turns.length > 0);
  // Meanwhile the server works on a turn of its own, and so counts the dead one as running too.
  server.notify(...turnStarted("t1", "u3"));
  listed = [later, unclear];
  server.answer("thread/read", () => threadIs("idle"));
  const status = { type: "idle" };
  server.notify("thread/status/changed", { threadId: "t1", status });
  server.notify(...turnCompleted("t1", "u3"));
  expect(await turns[0]?.run()).toMatchObject({ status: "interrupted" });
  server.answer("turn/start", () => {
    queueMicrotask(() => server.notify(...turnCompleted("t1", "u4")));
    return { turn: { id: "u4" } };
  });
  expect(await thread.run("next")).toMatchObject({ status: "completed" });
  await codex.close();
});
