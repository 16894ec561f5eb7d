import { expect, onTestFinished, test } from "vitest";
import type { Codex } from "../../../src/index.ts";
import { CodexPool } from "../../../src/pool/index.ts";
import { FakeAppServer } from "../../../src/testing/fake-app-server.ts";
import { untilCollected } from "../../support/garbage.ts";

test("a pool retains nothing of tenants whose servers have exited, or that gave up waiting", async () => {
  const pool = new CodexPool({
    maxServers: 1,
    codex: () => ({ transport: new FakeAppServer().endpoint }),
  });
  onTestFinished(() => pool.close());
  const refs: WeakRef<Codex>[] = [];
  for (let key = 0; key < 50; key++) {
    await pool.use(`${key}`, (codex) => void refs.push(new WeakRef(codex)));
  }
  const lease = await pool.get("used");
  const gaveUp = await Promise.allSettled(
    Array.from({ length: 50 }, (_, key) => pool.get(`${key}`, { timeoutMs: 1 })),
  );
  expect(gaveUp.every(({ status }) => status === "rejected")).toBe(true);
  expect(pool.status.tenants.map(({ key }) => key)).toEqual(["used"]);
  await untilCollected("the clients", refs);
  lease.release();
});
