import { existsSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { Turn } from "../../../src/index.ts";
import { command } from "../../../src/testing/index.ts";
import { collect, sharedServer } from "../../support/e2e.ts";
import { waitUntil } from "../../support/wait-until.ts";

// Calls that aren't awaited reach the server in their order.

const server = sharedServer();
const WIDE = { type: "dangerFullAccess" } as const;

test("settings that are changed right after run() apply to the next turn only", async () => {
  const { codex, model, cwd } = server;
  const thread = await codex.threadStart({ sandbox: "read-only", approvalPolicy: "never" });
  model.enqueue(command("touch first"), "done", command("touch second"), "done");
  const first = thread.run("write the first file");
  const changing = thread.updateSettings({ sandboxPolicy: WIDE });
  const second = first.then(() => thread.run("write the second file"));
  await Promise.all([first, changing, second]);
  expect(["first", "second"].map((name) => existsSync(path.join(cwd, name)))).toEqual([
    false,
    true,
  ]);
});

test("a fork has the turn that a revert right after it removes", async () => {
  const { codex, model } = server;
  model.enqueue("one", "two");
  const thread = await codex.threadStart();
  await thread.run("first");
  const second = await thread.turn("second");
  await second.run();
  const [fork] = await Promise.all([thread.fork(), thread.revert(second.id)]);
  expect(await collect(fork.turns())).toHaveLength(2);
  expect(await collect(thread.turns())).toHaveLength(1);
});

test("a message that is queued right after run() is answered after it", async () => {
  const { codex, model } = server;
  model.enqueue("one", "two");
  const thread = await codex.threadStart();
  const turns: Turn[] = [];
  using _ = thread.onTurn((turn) => turns.push(turn));
  const [result] = await Promise.all([thread.run("first"), thread.queue("second")]);
  expect(result.text).toBe("one");
  await waitUntil("the queued message has started a turn", () => turns.length === 2);
  expect((await turns[1]?.run())?.text).toBe("two");
  const texts = model.requests.slice(-2).map(({ userText }) => userText);
  expect(texts).toEqual(["first", "second"]);
});
