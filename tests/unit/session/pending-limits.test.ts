import { expect, test } from "vitest";
import { asking, COMMAND, ELICITATION, form, ids, refused } from "../../support/asked-client.ts";

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
