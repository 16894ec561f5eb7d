import { expect, test } from "vitest";
import { startScripted } from "../../../src/testing/index.ts";
import { failureOf } from "../../support/e2e.ts";

test("5,000 requests at once over stdio all get their answer, and one that queues can be aborted", async () => {
  await using scripted = await startScripted();
  const { codex } = scripted;
  const thread = await codex.threadStart();
  const controller = new AbortController();
  const reason = new Error("not this one");
  const requests = Array.from({ length: 5_000 }, () => codex.request("thread/loaded/list", {}));
  const aborted = failureOf(codex.request("thread/loaded/list", {}, { signal: controller.signal }));
  controller.abort(reason);
  expect(await aborted).toBe(reason);
  const answers = await Promise.all(requests);
  expect(answers).toHaveLength(5_000);
  expect(new Set(answers.map(({ data }) => data.join()))).toEqual(new Set([thread.id]));
});
