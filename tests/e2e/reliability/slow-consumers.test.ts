import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const script = fileURLToPath(new URL("../../support/slow-consumer.mjs", import.meta.url));

test("a consumer that doesn't read a million deltas costs only their text, delays no other reader, and loses nothing", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", script]);
  const told = JSON.parse(stdout);
  expect(told).toMatchObject({ textLength: 10_000_000, lines: 1_000_000, inOrder: true });
  expect(told.grown).toBeLessThan(told.textLength + 32 * 2 ** 20);
  expect(told.methods).toEqual(["turn/started", "item/agentMessage/delta", "turn/completed"]);
  expect(told.ofAllLength).toBe(10_000_000);
  expect(told.readByAwake).toBeGreaterThanOrEqual(1_000);
}, 120_000);
