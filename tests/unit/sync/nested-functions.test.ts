import { afterEach, beforeEach, expect, test } from "vitest";
import { Bridge } from "../../../src/sync/bridge.ts";
import { WorkerThread } from "../../../src/sync/worker-thread.ts";
import { endBlockedTests } from "../../support/both-clients.ts";
import { received, scriptedWorker } from "../../support/sync-worker.ts";

endBlockedTests();

const RUNS = 3_000;
const MAX_NESTED = 64;

/** Runs a function many times, like a server that asks for many approvals. */
const worker = scriptedWorker(`({ member }, post) => {
  const args = { value: [], references: [] };
  for (let id = 1; member === "flood" && id <= ${RUNS}; id++) {
    post({ kind: "run", id, handle: 1, args });
  }
  return [member];
}`);

let bridge: Bridge;
beforeEach(() => {
  bridge = new Bridge(new WorkerThread(() => worker), () => ({}));
});
afterEach(() => bridge.end("The test is over"));

const call = (member: string, ...args: unknown[]) => bridge.call(call, { target: 0, member, args });

test("functions that make calls nest to a limit, beyond which they fail without being called", () => {
  let running = 0;
  let deepest = 0;
  let called = 0;
  const approve = () => {
    called++;
    deepest = Math.max(deepest, ++running);
    call("anything");
    running--;
  };
  expect(call("flood", approve)).toBe("flood");
  expect(deepest).toBe(MAX_NESTED);
  const settled = received(bridge).filter((message) => message.kind === "settled");
  expect(settled).toHaveLength(RUNS);
  const failed = settled.filter(({ outcome }) => outcome === "thrown");
  expect(failed).toHaveLength(RUNS - called);
  expect(JSON.stringify(failed[0])).toContain("64 functions are already running");
  // The limit applies to functions that run at the same time.
  expect(call("flood", () => {})).toBe("flood");
});
