import { expect, it } from "vitest";
import type { ThreadObserver } from "../../../src/thread/observers.ts";
import { ThreadRegistry } from "../../../src/thread/thread-registry.ts";
import type { CurrentConnection, ThreadServer } from "../../../src/thread/thread-server.ts";

const PARENT = "parent";
const CHILD = "child";

function delta(threadId: string) {
  const params = { threadId, turnId: `${threadId}-turn`, itemId: "m1", delta: "x" };
  return { method: "item/agentMessage/delta", params };
}

/**
 * A registry with a thread whose turn has started a sub-agent, and the notifications that an observer of the thread
 * receives.
 */
function observed() {
  const server = { modelRetryMs: 0, turnIdleMs: 0, connection: () => undefined };
  const registry = new ThreadRegistry(server as unknown as ThreadServer, {
    wants: () => false,
    onDropped: () => {},
  });
  const thread = registry.open(PARENT);
  thread.handles.retain();
  thread.opened(undefined, 1);
  const seen: string[] = [];
  const observer: ThreadObserver = {
    notified: ({ method, params }) =>
      seen.push(`${(params as { threadId: string }).threadId} ${method}`),
    missed: (threadId) => seen.push(`${threadId} missed`),
    subscribed: (threadId) => seen.push(`${threadId} subscribed`),
  };
  const begin = (threadId: string) => {
    const turn = { id: `${threadId}-turn`, status: "inProgress" };
    registry.accept({ method: "turn/started", params: { threadId, turn } });
  };
  const spawn = (kind = "started") => {
    const item = { type: "subAgentActivity", id: "i1", kind, agentThreadId: CHILD };
    const params = { threadId: PARENT, turnId: `${PARENT}-turn`, item };
    registry.accept({ method: "item/started", params });
  };
  begin(PARENT);
  return { registry, thread, observer, seen, begin, spawn };
}

it("gets the notifications of a thread and its sub-agents", () => {
  const { registry, thread, observer, seen, begin, spawn } = observed();
  using _ = thread.observers.add(observer);
  spawn();
  begin(CHILD);
  registry.accept(delta(CHILD));
  registry.accept(delta(PARENT));
  expect(seen).toEqual([
    "parent item/started",
    "child turn/started",
    "child item/agentMessage/delta",
    "parent item/agentMessage/delta",
  ]);
});

it("gets nothing from a thread that was only named, not started", () => {
  const { registry, thread, observer, seen, begin, spawn } = observed();
  using _ = thread.observers.add(observer);
  spawn("interacted");
  begin(CHILD);
  registry.accept(delta(CHILD));
  expect(seen).toEqual(["parent item/started"]);
  expect(registry.known(CHILD)).toBeUndefined();
});

it("gets parsed deltas, even if earlier ones went directly to their turn", () => {
  const { registry, thread, observer, seen, begin, spawn } = observed();
  spawn();
  begin(CHILD);
  const lines = [PARENT, CHILD].map((threadId) => JSON.stringify(delta(threadId)));
  expect(lines.map((line) => registry.acceptLine(line))).toEqual([true, true]);
  const observing = thread.observers.add(observer);
  expect(lines.map((line) => registry.acceptLine(line))).toEqual([false, false]);
  observing[Symbol.dispose]();
  expect(lines.map((line) => registry.acceptLine(line))).toEqual([true, true]);
  expect(seen).toEqual([]);
});

it("is notified of possible losses, and when the thread is subscribed to again", () => {
  const { registry, thread, observer, seen } = observed();
  using _ = thread.observers.add(observer);
  const silent: CurrentConnection = { ask: () => new Promise(() => {}), isLost: false };
  registry.connectionReplaced(silent);
  expect(seen).toEqual(["parent missed"]);
  thread.opened(undefined, 2);
  expect(seen).toEqual(["parent missed", "parent missed", "parent subscribed"]);
  thread.opened(undefined, 3);
  expect(seen.slice(3)).toEqual(["parent subscribed"]);
});
