// Tests your own agent offline: the real app-server with a scripted model.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Codex } from "codex-app-server";
import { command, failure, Gate, startScripted, text } from "codex-app-server/testing";

/** The agent under test. */
async function countFiles(codex: Codex): Promise<number> {
  const thread = await codex.threadStart({ sandbox: "danger-full-access" });
  const result = await thread.run("How many files are here? Answer with the number.");
  return Number(result.throwIfFailed().text);
}

test("it gives the model's number, and the model saw the files", async () => {
  await using scripted = await startScripted({ script: [command("echo a.txt b.txt"), "2"] });
  assert.equal(await countFiles(scripted.codex), 2);
  const [question, afterCommand] = scripted.model.requests;
  assert.match(question?.userText ?? "", /How many files/);
  assert.match(afterCommand?.lastOutput ?? "", /a\.txt b\.txt/);
});

test("it throws when the model fails", async () => {
  await using scripted = await startScripted({ script: [failure.contextWindowExceeded()] });
  await assert.rejects(countFiles(scripted.codex), { name: "TurnFailedError" });
});

test("a turn can be interrupted while the model speaks", async () => {
  const gate = new Gate();
  await using scripted = await startScripted({ script: [text(["One, ", gate, "two."])] });
  const thread = await scripted.codex.threadStart();
  const turn = await thread.turn("Count.");
  await gate.reached;
  await turn.interrupt();
  assert.equal((await turn.run()).status, "interrupted");
});
