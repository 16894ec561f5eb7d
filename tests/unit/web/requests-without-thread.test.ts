import { expect, test } from "vitest";
import { createHandler, type HandlerOptions } from "../../../src/web/index.ts";
import { ELICITATION } from "../../support/asked-client.ts";
import { fakeClient } from "../../support/fake.ts";
import { ask } from "../../support/handler.ts";

/** A handler whose server asks a question that belongs to no thread, and the answer to it. */
async function asked(options: Partial<HandlerOptions>) {
  const { server, codex } = fakeClient({ approvals: "ask" });
  await codex.threadStart();
  const handler = createHandler(codex, { authorize: () => true, ...options });
  const added = new Promise<string>((resolve) =>
    codex.requests.on("added", ({ id }) => resolve(id)),
  );
  const question = { serverName: "files", mode: "form", message: "Which folder?", threadId: null };
  const requestedSchema = { type: "object", properties: {} };
  const answer = server.ask(ELICITATION, { ...question, turnId: null, requestedSchema });
  const id = await added;
  return { handler, codex, id, answer };
}

const isUser: HandlerOptions["authorize"] = (_request, { kind, threadId }) =>
  kind !== "request.answer" || threadId !== undefined;

test.each([
  ["anybody, by default", {}],
  [
    "a user who may answer only requests of threads",
    { requestsWithoutThread: true, authorize: isUser },
  ],
])("a request without a thread is neither shown to nor answered by %s", async (_, options) => {
  const { handler, codex, id } = await asked(options);
  expect((await ask(handler, "/requests")).body).toEqual({ requests: [] });
  const { status } = await ask(handler, `/requests/${id}`, { body: { optionId: "cancel" } });
  expect(status).toBe(404);
  expect(codex.requests.get(id)).toBeDefined();
  await codex.close();
});

test("a request without a thread is shown to the users who may answer it, and answered by them", async () => {
  const kinds: unknown[] = [];
  const { handler, codex, id, answer } = await asked({
    requestsWithoutThread: true,
    authorize: (_request, action) => kinds.push(action) > 0,
  });
  expect((await ask(handler, "/requests")).body).toMatchObject({ requests: [{ id }] });
  const data = codex.requests.get(id)?.toJSON();
  const optionId = data?.options.at(-1)?.id;
  expect((await ask(handler, `/requests/${id}`, { body: { optionId } })).status).toBe(200);
  expect((await answer).result).toMatchObject({ action: expect.any(String) });
  expect(kinds).toContainEqual({ kind: "request.answer", threadId: undefined });
  expect((await ask(handler, `/requests/${id}`, { body: { optionId } })).status).toBe(409);
  await codex.close();
});
