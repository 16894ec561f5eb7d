import { Codex, type CodexOptions } from "../../src/index.ts";
import { FakeAppServer } from "../../src/testing/fake-app-server.ts";
import { threadIs } from "./running-turn.ts";

export const change = { type: "fileChange", id: "i1", status: "inProgress", changes: [] };

/** A client of a server that others may use, too, with its thread "t1". */
export async function client(options: CodexOptions = {}) {
  const server = new FakeAppServer({ outlivesTransport: true });
  server.answer("thread/start", () => threadIs("idle"));
  server.answer("thread/resume", () => threadIs("active"));
  server.answer("thread/read", () => threadIs("active"));
  const codex = new Codex({
    transport: server.endpoint,
    reconnect: { initialDelayMs: 1, jitterRatio: 0 },
    turnIdleMs: 0,
    approvals: "decline",
    onWarning: () => {},
    ...options,
  });
  const thread = await codex.threadStart();
  const clientIdOf = (method: string) => {
    const sent = server.received.findLast((message) => message.method === method);
    return (sent?.params as { clientUserMessageId?: string } | undefined)?.clientUserMessageId;
  };
  return { server, codex, thread, clientIdOf };
}

export const said = (clientId: string | null | undefined) => ({
  ...{ type: "userMessage", id: "m1", clientId, content: [] },
});

/** Whether the client answers within some iterations of the event loop. */
export async function isAnsweredSoon(answer: Promise<unknown>): Promise<boolean> {
  let isAnswered = false;
  answer.then(() => {
    isAnswered = true;
  });
  for (let count = 0; count < 20; count++) await new Promise(setImmediate);
  return isAnswered;
}
