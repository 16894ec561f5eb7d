import type { PendingRequestData } from "codex-app-server";
import { expect, test } from "vitest";
import { bench, syncClients, thrownBy } from "../../support/both-clients.ts";

const server = bench();
const clients = syncClients(server);
const escalated = { command: "echo approved", escalate: "to see" };
const lastOutput = async () => (await server.model.requests()).at(-1)?.lastOutput;

test("a program without an event loop answers between its calls, with requests from JSON", async () => {
  using codex = clients.client({ approvals: "ask" });
  await server.model.enqueue(escalated, "done");
  const turn = codex.threadStart({ approvalPolicy: "on-request" }).turn("go");
  const request = codex.requests.next({ threadId: turn.threadId });
  const copy = JSON.parse(JSON.stringify(request)) as PendingRequestData;
  expect(copy).toMatchObject({ kind: "command", turnId: turn.id, title: "Run this command" });
  expect(request).toMatchObject(copy);
  expect(codex.requests.pending.map(({ id }) => id)).toEqual([copy.id]);
  expect(codex.requests.get(copy.id)?.detail).toEqual(copy.detail);
  expect(thrownBy(() => request?.answer("yes"))).toMatchObject({
    ...{ name: "InvalidAnswerError", code: "INVALID_ANSWER", requestId: copy.id, issues: [] },
  });
  codex.requests.answer(copy.id, "accept");
  expect(turn.run().text).toBe("done");
  expect(await lastOutput()).toContain("approved");
  expect(thrownBy(() => request?.answer("accept"))).toMatchObject({
    ...{ name: "RequestSettledError", reason: "answered" },
  });
  expect(thrownBy(() => codex.requests.answer("none", "accept")).name).toBe("UnknownRequestError");
  expect(codex.requests.next({ timeoutMs: 1 })).toBeUndefined();
  expect(codex.requests.get("none")).toBeUndefined();
});

test("listeners are called while a call waits, and can answer", async () => {
  using codex = clients.client({ approvals: "ask" });
  const seen: unknown[] = [];
  codex.requests.on("added", (request) => {
    seen.push(request.kind);
    request.answer("accept");
  });
  const settling = codex.requests.on("settled", ({ kind }, reason) => seen.push([kind, reason]));
  await server.model.enqueue(escalated, escalated, "done");
  const thread = codex.threadStart({ approvalPolicy: "on-request" });
  expect(thread.run("go").text).toBe("done");
  expect(seen).toEqual(["command", ["command", "answered"], "command", ["command", "answered"]]);
  settling[Symbol.dispose]();
});

test("a loop gets each request, until it is left", async () => {
  using codex = clients.client({ approvals: "ask" });
  await server.model.enqueue(escalated, escalated, "done");
  const turn = codex.threadStart({ approvalPolicy: "on-request" }).turn("go");
  const ids = new Set<string>();
  for (const request of codex.requests) {
    ids.add(request.id);
    request.answer("accept");
    if (ids.size === 2) break;
  }
  expect(turn.run().text).toBe("done");
});
