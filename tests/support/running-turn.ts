import { Codex, type CodexOptions, type CodexWarning } from "../../src/index.ts";
import { FakeAppServer } from "../../src/testing/fake-app-server.ts";
import { turnStarted } from "./fake.ts";

/**
 * A client whose thread "t1" is running its turn "u1", on a fake server that outlives its
 * connections.
 */
export async function runningTurn(options: CodexOptions = {}) {
  const server = new FakeAppServer({ outlivesTransport: true });
  const warnings: CodexWarning[] = [];
  server.answer("thread/start", () => ({ thread: { id: "t1", status: { type: "idle" } } }));
  server.answer("thread/read", () => threadIs("active"));
  const codex = new Codex({
    transport: server.endpoint,
    reconnect: { initialDelayMs: 1, jitterRatio: 0 },
    turnIdleMs: 0,
    onWarning: (warning) => warnings.push(warning),
    ...options,
  });
  const thread = await codex.threadStart();
  const starting = thread.turn("hi");
  (await server.request("turn/start")).respond({ turn: { id: "u1" } });
  const turn = await starting;
  server.notify(...turnStarted("t1", "u1"));
  /** How often a request of this method has arrived. */
  const count = (method: string) =>
    server.received.filter((message) => message.method === method).length;
  return { server, codex, thread, turn, warnings, count };
}

/** The answer to `thread/resume`, and to `thread/read`, for a thread with this status. */
export const threadIs = (type: string) => ({ thread: { id: "t1", status: { type } } });

/** The answer to `thread/turns/list` for these turns. */
export const listOf = (...turns: object[]) => ({ data: turns, nextCursor: null });

export const message = (text: string) => ({
  type: "agentMessage",
  id: "m-u1",
  text,
  phase: null,
});
