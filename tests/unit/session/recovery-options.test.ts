import { expect, test } from "vitest";
import { reconnectPolicy, restartPolicy } from "../../../src/session/recovery-policy.ts";
import { fakeClient } from "../../support/fake.ts";

test("restart: true restarts the server, with the defaults", async () => {
  const { server, codex } = fakeClient({ restart: true });
  await codex.connect();
  server.disconnect();
  server.answer("model/list", () => ({ data: [], nextCursor: null }));
  await expect(codex.modelList()).resolves.toMatchObject({ data: [] });
  expect(server.received.filter(({ method }) => method === "initialize")).toHaveLength(2);
  await codex.close();
});

test("restart: false lets the client end with its server", async () => {
  const { server, codex } = fakeClient({ restart: false });
  await codex.connect();
  server.disconnect("gone");
  expect((await codex.closed)?.message).toContain("gone");
});

test.each([
  ["reconnect", reconnectPolicy, [50, 100, 5_000]],
  ["restart", restartPolicy, [100, 200, 5_000]],
])("%s takes the default for each backoff option that is undefined", (_name, policy, delays) => {
  const unset = { initialDelayMs: undefined, maxDelayMs: undefined };
  const { delayBefore } = policy({ ...unset, jitterRatio: 0 });
  expect([1, 2, 20].map(delayBefore)).toEqual(delays);
});

test("restart and reconnect take the same backoff options", () => {
  const backoff = { initialDelayMs: 3, maxDelayMs: 5, jitterRatio: 0 };
  for (const policy of [reconnectPolicy, restartPolicy]) {
    expect([1, 2].map(policy(backoff).delayBefore)).toEqual([3, 5]);
  }
});
