import { expect, it } from "vitest";
import { Timeline } from "../../../src/timeline/index.ts";
import { Traffic } from "../../../src/traffic/traffic.ts";
import { waterfallOf } from "../../../src/traffic/waterfall.ts";
import { expectLinearIn } from "../../support/growth.ts";
import { runningTurn } from "../../support/running-turn.ts";

const timeout = 120_000;
const message = (id: string) => ({ id, type: "agentMessage", text: "a" });

/** Starts turns that all name the first as their root. */
function withParts(count: number): Timeline {
  const timeline = new Timeline("t");
  const send = (method: string, params: object) =>
    timeline.apply({ method, params: { threadId: "t", ...params } });
  for (let n = 0; n < count; n++) {
    const turn = { id: `u${n}`, rootTurnId: "u0", status: "inProgress", items: [] };
    send("turn/started", { turn });
    send("item/completed", { turnId: turn.id, item: message(`i${n}`) });
  }
  return timeline;
}

it("thousands of turns that are parts of one take linear time, live and from the history", {
  timeout,
}, async () => {
  expect(withParts(3).snapshot.turns).toMatchObject([
    { entries: [{ id: "i1" }, { id: "i2" }, { id: "i0" }] },
  ]);
  await expectLinearIn((count) => withParts(count).snapshot, 16_000);
  await expectLinearIn((count) => {
    const timeline = new Timeline("t");
    const ended = { rootTurnId: "u0", status: "completed", itemsView: "full" };
    timeline.merge(
      Array.from({ length: count }, (_, n) => ({
        ...{ ...ended, id: `u${n}`, items: [message(`i${n}`)] },
      })),
    );
    return timeline.snapshot;
  }, 16_000);
});

it("thousands of warnings for a thread with thousands of turns take linear time", {
  timeout,
}, async () => {
  await expectLinearIn((count) => {
    const timeline = withParts(count);
    for (let n = 0; n < count; n++) {
      timeline.apply({ method: "warning", params: { threadId: "t", message: `w${n}` } });
    }
  }, 16_000);
});

it("the bars of a turn with thousands of commands and messages take linear time", {
  timeout,
}, async () => {
  await expectLinearIn((count) => {
    const traffic = new Traffic();
    let at = 0;
    const send = (method: string, params: object) => {
      const message = { method, params: { threadId: "t", turnId: "u", ...params } };
      at += 2;
      traffic.add({ at, direction: "receive", message });
    };
    send("turn/started", { turn: { id: "u" } });
    for (let n = 0; n < count; n++) {
      // The messages never complete, so each of them continues in all later gaps.
      send("item/started", { item: message(`m${n}`) });
      const item = { id: `c${n}`, type: "commandExecution", command: "ls", status: "completed" };
      send("item/started", { item });
      send("item/completed", { item });
    }
    const turn = traffic.turn("u");
    return turn && waterfallOf(turn, at);
  }, 16_000);
});

it.each([
  ["items with the id of one that is still running", false],
  ["items, and requests about each", true],
])("thousands of %s take linear time", { timeout }, async (_, isAsked) => {
  await expectLinearIn(async (count) => {
    const { server, codex } = await runningTurn({ approvals: "accept" });
    const inTurn = { threadId: "t1", turnId: "u1" };
    for (let n = 0; n < count; n++) {
      const item = { id: isAsked ? `a${n}` : "a", type: "commandExecution", command: `c${n}` };
      server.notify("item/started", { ...inTurn, item: { ...item, status: "inProgress" } });
    }
    const method = "item/commandExecution/requestApproval";
    const answers = Array.from({ length: isAsked ? count : 1 }, (_, n) =>
      server.ask(method, { ...inTurn, itemId: `a${n}`, command: "ls", cwd: "/" }),
    );
    await Promise.all(answers);
    await codex.close();
  }, 12_000);
});

it("thousands of sub-agents and of items take linear time", { timeout }, async () => {
  await expectLinearIn(async (count) => {
    const { server, codex } = await runningTurn({ approvals: "accept" });
    for (let n = 0; n < count; n++) {
      const turn = { id: "k", rootTurnId: "u1", status: "inProgress", items: [] };
      server.notify("turn/started", { threadId: `kid${n}`, turn });
    }
    for (let n = 0; n < count; n++) {
      const item = message(`i${n}`);
      server.notify("item/completed", { threadId: "t1", turnId: "u1", item });
    }
    await codex.request("thread/read", { threadId: "t1" });
    await codex.close();
  }, 24_000);
});
