import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { readTrace } from "../../../src/trace/read-trace.ts";
import { removeFolders, traceFolder } from "../../support/traces.ts";

removeFolders();

const header = {
  trace: "codex-app-server",
  ...{ version: 1, id: "x", part: 1, pid: 1 },
  ...{ startedAt: "then", client: "1", runtime: "node" },
  endpoint: { name: "stdio", outlivesTransport: false },
};

/** The characters of a trace that has joined deltas in one line, once it is read. */
function charsRead(params: object, groups: readonly unknown[]): number {
  const file = path.join(traceFolder(), "trace.jsonl");
  const receive = { method: "item/agentMessage/delta", params };
  const lines = [header, { at: 1, receive, deltas: groups }].map((line) => JSON.stringify(line));
  writeFileSync(file, `${lines.join("\n")}\n`);
  return JSON.stringify(readTrace(file).entries).length;
}

const place = { threadId: "t", turnId: "u", itemId: "i" };

it("reads joined deltas one by one", () => {
  const one = charsRead({ ...place, delta: "ab" }, [[1, null, 2]]);
  const two = charsRead({ ...place, delta: "ab" }, [[1, null, 1, 1]]);
  expect(two).toBeGreaterThan(one);
});

it("doesn't repeat the text of a delta whose parts have negative lengths", () => {
  const lengths = Array.from({ length: 1_000 }, (_, index) => (index % 2 ? -10_000 : 10_000));
  const delta = "a".repeat(10_000);
  expect(charsRead({ ...place, delta }, [[1, null, ...lengths]])).toBeLessThan(20_000);
});

it("doesn't copy thousands of members for each part of a delta", () => {
  const more = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`m${index}`, 1]));
  const lengths = Array.from({ length: 1_000 }, () => 1);
  const delta = "a".repeat(1_000);
  expect(charsRead({ ...place, ...more, delta }, [[1, null, ...lengths]])).toBeLessThan(20_000);
});

it("doesn't create thousands of entries from deltas without a text", () => {
  const lengths = Array.from({ length: 100_000 }, () => 0);
  expect(charsRead({ ...place, delta: "ab" }, [[1, null, ...lengths]])).toBeLessThan(20_000);
  expect(charsRead({ ...place, delta: "ab" }, [[1, null, 1, 0, 1]])).toBeLessThan(20_000);
});
