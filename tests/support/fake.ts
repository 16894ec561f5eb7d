import { Codex, type CodexOptions, type CodexWarning } from "../../src/index.ts";
import { FakeAppServer } from "../../src/testing/fake-app-server.ts";

/**
 * A client on a fake server that starts threads "t1", "t2", …; `warnings` collects its warnings.
 */
export function fakeClient(options: CodexOptions = {}) {
  const server = new FakeAppServer();
  const warnings: CodexWarning[] = [];
  let threads = 0;
  server.answer("thread/start", () => ({
    thread: { id: `t${++threads}`, status: { type: "idle" } },
  }));
  const codex = new Codex({
    transport: server.endpoint,
    onWarning: (warning) => warnings.push(warning),
    ...options,
  });
  return { server, codex, warnings };
}

export function turnStarted(threadId: string, turnId: string): [string, object] {
  return ["turn/started", { threadId, turn: { id: turnId, status: "inProgress", items: [] } }];
}

export function turnCompleted(
  threadId: string,
  turnId: string,
  status = "completed",
): [string, object] {
  return ["turn/completed", { threadId, turn: { id: turnId, status, items: [], error: null } }];
}

export function messageCompleted(threadId: string, turnId: string, text: string): [string, object] {
  const item = { type: "agentMessage", id: `m-${turnId}`, text, phase: null };
  return ["item/completed", { threadId, turnId, item }];
}

export function messageDelta(threadId: string, turnId: string, delta: string): [string, object] {
  return ["item/agentMessage/delta", { threadId, turnId, itemId: `m-${turnId}`, delta }];
}
