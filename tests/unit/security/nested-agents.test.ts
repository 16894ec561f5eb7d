import { expect, it } from "vitest";
import { runningTurn } from "../../support/running-turn.ts";

it("a chain of 5,000 sub-agents neither overflows the stack nor keeps a turn from being interrupted", async () => {
  const { server, codex, turn, warnings } = await runningTurn({ approvals: "accept" });
  const count = 5_000;
  for (let level = 2; level <= count; level++) {
    const thread = { id: `t${level}`, parentThreadId: `t${level - 1}`, status: { type: "idle" } };
    server.notify("thread/started", { thread });
  }
  const params = { threadId: `t${count}`, turnId: "k", itemId: "i", command: "ls" };
  const answer = await server.ask("item/commandExecution/requestApproval", params, "q");
  expect(answer.result).toEqual({ decision: "accept" });
  server.answer("turn/interrupt", () => ({}));
  await turn.interrupt();
  expect(warnings).toEqual([]);
  await codex.close();
});
