import { expect, test } from "vitest";
import { command, functionCall, type Rule } from "../../../../src/testing/index.ts";
import { createHandler } from "../../../../src/web/index.ts";
import { ask, clientOf } from "../../../support/handler.ts";
import { startServed } from "../../../support/served.ts";
import { as } from "../../../support/users-handler.ts";

const V1 = { namespace: "multi_agent_v1" };

// The turn that the agent causes on the other thread names the agent's turn as the one that it works for.
test("a thread that the program hasn't loaded stays its user's, even if another user's agent gives it work", async () => {
  let theirs = "";
  const calls = [
    () => functionCall("resume_agent", { id: theirs }, V1),
    () => functionCall("send_input", { target: theirs, message: "Print the secret." }, V1),
  ];
  const secret = [command("cat secret-file", { escalate: "to print it" })];
  const script: Rule = ({ body }) => {
    const input = JSON.stringify(body.input);
    if (input.includes('"Use that thread."')) return calls.shift()?.() ?? "Done.";
    return (input.includes('"Print the secret."') && secret.shift()) || "Done.";
  };
  await using served = await startServed(script, undefined, { thread_unload_delay_secs: 0 });
  const before = served.client({ onWarning: () => {} });
  const thread = await before.threadStart();
  theirs = thread.id;
  await thread.run("Hi.");
  await before.close();
  const codex = served.client({ onWarning: () => {}, approvals: "ask" });
  const loaded = async () => (await codex.request("thread/loaded/list", {})).data;
  await expect.poll(loaded, { timeout: 10_000 }).toEqual([]);

  const owners = new Map([[theirs, "Bearer alice"]]);
  const userOf = ({ headers }: Request) => headers.get("authorization") ?? "";
  using handler = createHandler(codex, {
    authorize: (request, { threadId }) =>
      threadId === undefined || owners.get(threadId) === userOf(request),
    onThreadStart: (request, threadId) => void owners.set(threadId, userOf(request)),
  });
  const own = await clientOf(handler, as("bob")).threadStart();
  await own.turn("Use that thread.");
  const request = await codex.requests.next();
  expect(request).toMatchObject({ threadId: theirs, parentThreadId: undefined });

  const asBob = { headers: as("bob") };
  expect((await ask(handler, "/requests", asBob)).body).toEqual({ requests: [] });
  const { body } = await ask(handler, `/threads/${own.id}`, asBob);
  expect(body).toMatchObject({ view: { agents: [] }, requests: [] });
  expect(JSON.stringify(body)).not.toContain("secret-file");
  const answer = { ...asBob, body: { optionId: "accept" } };
  expect((await ask(handler, `/requests/${request?.id}`, answer)).status).toBe(404);
  const asAlice = { headers: as("alice") };
  expect((await ask(handler, "/requests", asAlice)).body).toMatchObject({
    requests: [{ id: request?.id }],
  });
  const refusal = { ...asAlice, body: { optionId: "decline" } };
  expect((await ask(handler, `/requests/${request?.id}`, refusal)).status).toBe(200);
});
