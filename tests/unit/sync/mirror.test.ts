import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { Requests } from "../../../src/client/namespaces/requests.ts";
import { Codex, Thread, Turn } from "../../../src/index.ts";
import { PendingRequest } from "../../../src/session/pending-request.ts";
import { CodexSync } from "../../../src/sync/codex-sync.ts";
import { omittedMembers } from "../../../src/sync/omitted-members.ts";
import { PendingRequestSync, RequestsSync } from "../../../src/sync/requests-sync.ts";
import { ThreadSync } from "../../../src/sync/thread-sync.ts";
import { TurnSync } from "../../../src/sync/turn-sync.ts";

type Class = abstract new (...args: never[]) => object;

/** The public members of a class, including static ones, with the symbols of the blocking client. */
function membersOf(one: Class): string[] {
  const own = Reflect.ownKeys(one.prototype).filter((key) => key !== "constructor");
  const fixed = Reflect.ownKeys(one).filter(
    (key) => !["length", "name", "prototype"].includes(String(key)),
  );
  return [...own, ...fixed]
    .map((key) => (key === Symbol.asyncDispose ? Symbol.dispose : key))
    .map((key) => (key === Symbol.asyncIterator ? Symbol.iterator : key))
    .map(String)
    .toSorted();
}

describe("the blocking client has every member of", () => {
  test("Codex except the omitted ones, and no other", () => {
    const expected = membersOf(Codex).filter((name) => !Object.hasOwn(omittedMembers, name));
    expect(membersOf(CodexSync)).toEqual(expected);
  });

  test("Thread and Turn, and no other", () => {
    expect(membersOf(ThreadSync)).toEqual(membersOf(Thread));
    expect(membersOf(TurnSync)).toEqual(membersOf(Turn));
  });

  test("Requests and PendingRequest, and no other", () => {
    expect(membersOf(RequestsSync)).toEqual(membersOf(Requests));
    expect(membersOf(PendingRequestSync)).toEqual(membersOf(PendingRequest));
  });

  test("the omitted ones are members of Codex", () => {
    expect(membersOf(Codex)).toEqual(expect.arrayContaining(Object.keys(omittedMembers)));
  });
});

test("the main entry loads no module of the blocking client", () => {
  const dist = path.resolve(import.meta.dirname, "../../../dist");
  const loaded = new Set<string>();
  const load = (file: string) => {
    if (loaded.has(file)) return;
    loaded.add(file);
    const text = readFileSync(file, "utf8");
    for (const [, to = ""] of text.matchAll(/^(?:import|export)[^;]*?"(\.[^"]+)"/gm)) {
      load(path.resolve(path.dirname(file), to));
    }
  };
  load(path.join(dist, "index.js"));
  expect(loaded.size).toBeGreaterThan(1);
  const code = [...loaded].map((file) => readFileSync(file, "utf8")).join("\n");
  expect(code).not.toMatch(/src\/sync\/|node:worker_threads/);
});
