import { expect, test } from "vitest";
import { delay, Gate } from "../../../src/testing/index.ts";

test.each([
  ["a gate", new Gate()],
  ["a delay", delay(60_000)],
])("%s rejects pending waits when the signal aborts", async (_name, hold) => {
  const client = new AbortController();
  const waiting = hold.wait(client.signal);
  client.abort(new Error("gone"));
  await expect(waiting).rejects.toThrow();
  await expect(hold.wait(client.signal)).rejects.toThrow();
});

test("a gate reports that it was reached, and lets all waiting replies pass at once", async () => {
  const gate = new Gate();
  const waiting = [
    gate.wait(new AbortController().signal),
    gate.wait(new AbortController().signal),
  ];
  await gate.reached;
  gate.open();
  await Promise.all(waiting);
});
