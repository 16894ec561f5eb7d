import { expect, it } from "vitest";
import { runningTurn } from "../../support/running-turn.ts";

it("a chain of 5,000 sub-agents neither overflows the stack nor keeps a turn from being interrupted", async () => {
  const { server, codex, turn, warnings } = await runningTurn({ approvals: "accept" });
  const count = 5_000;
  for (let level = 2; level <= count; level++) {
    const thread = { id: `t${level}`, parentThreadId: `t${level - 1}`, status: { type: "idle" } };
    server.notify("thread/started", { thread });
  }
  const deepest = { id: "k", rootTurnId: "u1", status: "inProgress", items: [] };
  server.notify("turn/started", { threadId: `t${count}`, turn: deepest });
  const params = { threadId: `t${count}`, turnId: "k", itemId: "i", command: "ls" };
  const answer = await server.ask("item/commandExecution/requestApproval", params, "q");
  expect(answer.result).toEqual({ decision: "accept" });
  server.answer("turn/interrupt", () => ({}));
  await turn.interrupt();
  expect(warnings).toEqual([]);
  await codex.close();
});

it("a list of 20,000 sub-agents becomes a tree, of 64 levels at most", async () => {
  const { server, codex, thread } = await runningTurn({ approvals: "accept" });
  const listed = (parentOf: (n: number) => string) => {
    const data = Array.from({ length: 20_000 }, (_, n) => ({
      id: `a${n}`,
      parentThreadId: parentOf(n),
    }));
    server.answer("thread/list", () => ({ data, nextCursor: null }));
    return thread.agents();
  };
  expect(await listed(() => thread.id)).toHaveLength(20_000);
  let levels = 0;
  for (let below = await listed((n) => (n ? `a${n - 1}` : thread.id)); below.length > 0; levels++) {
    expect(below).toHaveLength(1);
    below = [...(below[0]?.agents ?? [])];
  }
  expect(levels).toBe(64);
  await codex.close();
});
