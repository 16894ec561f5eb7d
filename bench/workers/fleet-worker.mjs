// A fleet worker in a separate process: on the real server with the model at `url`, or on a
// simulated one in memory whose turns take `turnMs` and send `deltas`.
import { randomUUID } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { FleetWorker, folderStore } from "../../dist/fleet/index.js";
import { Codex } from "../../dist/index.js";
import { FakeAppServer, isolatedHome, scriptedConfig } from "../../dist/testing/index.js";

const { url, turnMs = 0, deltas = 10, ...options } = JSON.parse(process.argv[2]);
const codex = url ? await realServer() : await standIn();
const folder = await mkdtemp(join(tmpdir(), "codex-bench-threads-"));
const worker = await FleetWorker.start({ codex, store: folderStore(folder), ...options });
process.once("disconnect", () => process.exit());
process.send({ ready: worker.id });

async function realServer() {
  const home = await isolatedHome(scriptedConfig(url));
  return Codex.start({ env: home.env, onWarning: () => {} });
}

async function standIn() {
  const codexHome = await mkdtemp(join(tmpdir(), "codex-bench-home-"));
  const server = new FakeAppServer();
  const record = (id) => ({
    ...{ id, status: { type: "idle" }, turns: [] },
    path: join(codexHome, `sessions/2026/01/01/rollout-2026-01-01T00-00-00-${id}.jsonl`),
  });
  server
    .answer("initialize", () => ({ userAgent: "codex/0.169.0 (bench)", codexHome }))
    .answer("thread/start", () => ({ thread: record(randomUUID()) }))
    .answer("thread/resume", ({ threadId }) => ({ thread: record(threadId) }))
    .answer("thread/read", ({ threadId }) => ({ thread: record(threadId) }))
    .answer("thread/unsubscribe", () => ({}))
    .answer("thread/delete", () => ({}))
    .answer("turn/interrupt", () => ({}))
    .answer("turn/start", ({ threadId, input, clientUserMessageId }) => {
      const turn = { id: randomUUID(), items: [], status: "inProgress", error: null };
      setImmediate(() => void play({ threadId, turn, input, clientUserMessageId }));
      return { turn };
    });

  async function play({ threadId, turn, input, clientUserMessageId }) {
    const place = { threadId, turnId: turn.id };
    const message = {
      type: "userMessage",
      id: randomUUID(),
      clientId: clientUserMessageId,
      content: input,
    };
    server.notify("turn/started", { threadId, turn });
    server.notify("item/started", { ...place, item: message });
    server.notify("item/completed", { ...place, item: message });
    const item = { type: "agentMessage", id: randomUUID(), text: "" };
    server.notify("item/started", { ...place, item });
    for (let sent = 0; sent < deltas; sent++) {
      server.notify("item/agentMessage/delta", { ...place, itemId: item.id, delta: "x" });
      if (turnMs > 0 && sent % 10 === 9) await pause((10 * turnMs) / deltas);
      else if (sent % 100 === 99) await pause(0);
    }
    server.notify("item/completed", { ...place, item: { ...item, text: "x".repeat(deltas) } });
    server.notify("turn/completed", { threadId, turn: { ...turn, status: "completed" } });
  }

  return Codex.start({ transport: server.endpoint, onWarning: () => {} });
}
