import { expect, test, vi } from "vitest";
import { describeRequest } from "../../../src/requests/describe-request.ts";
import { PendingRequests } from "../../../src/session/pending-requests.ts";
import { asking, COMMAND, ELICITATION, form, ids, refused } from "../../support/asked-client.ts";

vi.mock("../../../src/requests/describe-request.ts", { spy: true });

test.each<[string, number, number]>([
  ["number", 1_000, 10],
  ["size", 5, 3_000_000],
])("no thread keeps out another by the %s of its requests", async (_, count, chars) => {
  const warnings: unknown[] = [];
  const pending = new PendingRequests((warning) => warnings.push(warning.code));
  const settled: unknown[] = [];
  pending.onSettled(({ threadId }, reason) => settled.push([threadId, reason]));
  const ask = (id: number, threadId: string) =>
    pending.ask(
      { id, method: COMMAND, params: { threadId, command: `${id} ${"x".repeat(chars)}` } },
      {
        ...{ method: COMMAND, item: undefined, exactNumbers: true, fileWarnings: [] },
        ...{ threadId, parentThreadId: undefined, signal: new AbortController().signal },
      },
    );
  const greedy = Array.from({ length: count }, (_value, n) => ask(n, "greedy"));
  vi.mocked(describeRequest).mockClear();
  const others = [ask(count, "other")];
  expect(await greedy.at(-1)).toEqual({ decision: "decline" });
  expect(pending.all.at(-1)?.threadId).toBe("other");
  expect(await ask(count + 1, "greedy")).toEqual({ decision: "decline" });
  expect(pending.all).toHaveLength(count);
  // A refused request isn't described.
  const described = vi.mocked(describeRequest).mock.calls.filter(([, params]) => params);
  expect(described).toHaveLength(1);
  expect(settled).toEqual([["greedy", "dropped"]]);
  expect(warnings).toEqual(["REQUEST_DROPPED", "REQUEST_DROPPED"]);
  for (const request of pending.all) await request.answer("accept");
  expect(await others[0]).toEqual({ decision: "accept" });
  void ask(0, "greedy");
  expect(pending.all).toHaveLength(1);
});

test("1,000 requests can be pending; more are declined with a warning, and the turn continues", async () => {
  const { requests, server, warnings } = await asking();
  const asked = Array.from({ length: 1_003 }, (_, n) =>
    server.ask(COMMAND, { ...ids, command: `echo ${n}` }),
  );
  const late = await Promise.all(asked.slice(1_000));
  expect(late.map(({ result }) => result)).toEqual(Array(3).fill({ decision: "decline" }));
  expect(requests.pending).toHaveLength(1_000);
  expect(warnings.map(({ code }) => code)).toEqual(Array(3).fill("REQUEST_DROPPED"));
  await Promise.all(requests.pending.map((request) => request.answer("decline")));
  void server.ask(COMMAND, { ...ids, command: "echo again" });
  expect(await requests.next()).toBeDefined();
});

test("requests of 32 Mi characters can be pending; more are declined", async () => {
  const { requests, server } = await asking();
  const big = "x".repeat(3_000_000);
  const asked = Array.from({ length: 10 }, (_, n) =>
    server.ask(COMMAND, { ...ids, command: `${n}${big}` }),
  );
  expect((await asked.at(-1))?.result).toEqual({ decision: "decline" });
  expect(requests.pending.length).toBeLessThan(10);
  await Promise.all(requests.pending.map((request) => request.answer("decline")));
  void server.ask(COMMAND, { ...ids, command: big });
  expect(await requests.next()).toBeDefined();
});

test("a form with a pattern that backtracks can only be refused: checking it stops", async () => {
  const { ask } = await asking();
  const schema = { properties: { a: { pattern: "^(a+)+$" } } };
  const { request, answer } = await ask(ELICITATION, form(schema));
  const content = { a: `${"a".repeat(40)}!` };
  expect(await refused(request.answer("accept", content))).toContain("can't be checked");
  await request.answer("decline");
  expect((await answer).result).toMatchObject({ action: "decline" });
});
