import { expect, test } from "vitest";
import { fakeClient, turnStarted } from "../../support/fake.ts";

const MANY = 100_000;
const timeout = 120_000;
const COMMAND = "item/commandExecution/requestApproval";

/** Sends this many requests in batches, and resolves when each has been answered. */
async function flood(
  server: ReturnType<typeof fakeClient>["server"],
  request: (n: number) => { method: string; params: object },
): Promise<void> {
  for (let n = 0; n < MANY; n++) {
    server.send({ id: n, ...request(n) });
    if (n % 1_000 === 999) await new Promise(setImmediate);
  }
  await new Promise(setImmediate);
}

test("100,000 unknown methods cause a few warnings, with their number", {
  timeout,
}, async () => {
  const { codex, server, warnings } = fakeClient();
  await codex.connect();
  await flood(server, (n) => ({ method: `odd/${n}`, params: {} }));
  expect(warnings.length).toBeGreaterThan(8);
  expect(warnings.length).toBeLessThan(60);
  expect(new Set(warnings.map(({ code }) => code))).toEqual(new Set(["UNHANDLED_REQUEST"]));
  expect(warnings.at(-1)?.message).toContain("(65536 such methods so far)");
  expect(server.received.filter(({ error }) => error !== undefined)).toHaveLength(MANY);
});

test("and so do 100,000 requests that a handler or a rule can't answer", { timeout }, async () => {
  const { codex, server, warnings } = fakeClient({
    approvals: { command: (() => "yes") as never },
    handlers: {
      "*": () => {
        throw new Error("not here");
      },
    },
  });
  await codex.connect();
  await flood(server, (n) => ({ method: n % 2 ? COMMAND : `odd/${n}`, params: {} }));
  const counts = ["INVALID_DECISION", "HANDLER_FAILED"].map(
    (code) => warnings.filter((warning) => warning.code === code).length,
  );
  for (const count of counts) {
    expect(count).toBeGreaterThan(99);
    expect(count).toBeLessThan(130);
  }
  expect(warnings.at(-1)?.message).toContain("warnings with the code");
});

test("of 100,000 open approvals, 10,000 are handled and the others refused", {
  timeout,
}, async () => {
  let asked = 0;
  const { codex, server } = fakeClient({
    approvals: {
      command: () => {
        asked++;
        return new Promise(() => {});
      },
    },
  });
  await codex.threadStart();
  server.notify(...turnStarted("t1", "u1"));
  await flood(server, () => ({ method: COMMAND, params: { threadId: "t1", turnId: "u1" } }));
  expect(asked).toBe(10_000);
  const refused = server.received.filter(({ error }) => error !== undefined);
  expect(refused).toHaveLength(MANY - 10_000);
  expect(refused[0]?.error).toMatchObject({ message: expect.stringContaining("10000 open") });
  await codex.close();
});
