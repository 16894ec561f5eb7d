import { expect, test } from "vitest";
import type { Codex } from "../../src/index.ts";
import { Gate, text } from "../../src/testing/index.ts";
import { sharedServer } from "../support/e2e.ts";
import { startServed } from "../support/served.ts";

const server = sharedServer();

const range = (length: number) => Array.from({ length }, (_, n) => n);

/** Commands that each take the server a long time, and how many of them have ended. */
function longCommands(codex: Codex, count: number, options: { signal?: AbortSignal } = {}) {
  const state = { ended: 0, exitCodes: Promise.resolve<number[]>([]) };
  const params = { command: ["sleep", "8"] };
  const commands = range(count).map(() => codex.request("command/exec", params, options));
  for (const command of commands) {
    command.then(
      () => state.ended++,
      () => {},
    );
  }
  state.exitCodes = Promise.all(commands.map(async (command) => (await command).exitCode));
  state.exitCodes.catch(() => {});
  return state;
}

test("100 long commands delay no other request, and all of them are answered", async () => {
  const { codex } = server;
  const commands = longCommands(codex, 100);
  const [models, short] = await Promise.all([
    codex.modelList({ limit: 1 }),
    codex.request("command/exec", { command: ["true"] }),
  ]);
  expect(models.data).toHaveLength(1);
  expect(short.exitCode).toBe(0);
  expect(commands.ended).toBe(0);
  expect(await commands.exitCodes).toEqual(range(100).map(() => 0));
  expect(server.warnings.map(({ code }) => code)).not.toContain("STRAY_MESSAGE");
});

test("neither an interrupt nor the next turn waits for 100 long commands", async () => {
  const { codex, model } = server;
  const gate = new Gate();
  model.enqueue(text(["held", gate]));
  const thread = await codex.threadStart();
  const turn = await thread.turn("hold");
  await gate.reached;
  const giveUp = new AbortController();
  const commands = longCommands(codex, 100, { signal: giveUp.signal });
  await turn.interrupt();
  expect((await turn.run().catch((error) => error)).status).toBe("interrupted");
  giveUp.abort();
  await expect(commands.exitCodes).rejects.toThrow();
  expect((await codex.modelList({ limit: 1 })).data).toHaveLength(1);
  expect(commands.ended).toBe(0);
  gate.open();
});

test("100 long commands over a WebSocket", async () => {
  await using served = await startServed();
  const codex = served.client();
  const commands = longCommands(codex, 100);
  expect((await codex.modelList({ limit: 1 })).data).toHaveLength(1);
  expect(commands.ended).toBe(0);
  expect(await commands.exitCodes).toEqual(range(100).map(() => 0));
});
