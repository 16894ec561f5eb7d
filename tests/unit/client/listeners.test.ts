import { expect, test } from "vitest";
import { fakeClient } from "../../support/fake.ts";

test("a listener that isn't a function is refused", async () => {
  const { codex } = fakeClient({ approvals: "ask" });
  const thread = await codex.threadStart();
  const wrong = 5 as never;
  const calls = [
    () => codex.on("thread/started", wrong),
    () => codex.onStatus(wrong),
    () => codex.requests.on("added", wrong),
    () => codex.account.onChange(wrong),
    () => codex.account.onRateLimits(wrong),
    () => codex.mcp.onStatus(wrong),
    () => codex.skills.onChange(wrong),
    () => thread.onTurn(wrong),
    () => thread.goal.onChange(wrong),
  ];
  for (const call of calls) expect(call).toThrow("The listener must be a function, not 5");
  await expect(codex.files.watch("/a", wrong)).rejects.toThrow("The listener must be a function");
  await codex.close();
});

test("a loop over requests can be left while it waits", async () => {
  const { codex } = fakeClient({ approvals: "ask" });
  const loop = codex.requests[Symbol.asyncIterator]();
  const next = loop.next();
  expect(await loop.return(undefined)).toEqual({ value: undefined, done: true });
  expect(await next).toEqual({ value: undefined, done: true });
  await expect(codex.requests.next({ timeoutMS: 5 } as never)).rejects.toThrow("timeoutMs?");
  await codex.close();
});

test("a list can be left while a page of it is awaited", async () => {
  const { server, codex } = fakeClient();
  const threads = codex.threads();
  const next = threads.next();
  await server.request("thread/list");
  expect(await threads.return(undefined)).toEqual({ value: undefined, done: true });
  expect(await next).toEqual({ value: undefined, done: true });
  await codex.close();
});
