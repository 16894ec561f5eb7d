import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import * as main from "../../../src/index.ts";
import { Codex, CodexError, Thread, Turn } from "../../../src/index.ts";
import { CodexSync } from "../../../src/sync/codex-sync.ts";
import { errorFromData, errorToData } from "../../../src/sync/error-data.ts";
import { omittedMembers } from "../../../src/sync/omitted-members.ts";
import { ThreadSync } from "../../../src/sync/thread-sync.ts";
import { TurnSync } from "../../../src/sync/turn-sync.ts";

type Class = abstract new (...args: never[]) => object;

/** The public members of a class, static ones too, with the blocking name of `Symbol.asyncDispose`. */
function membersOf(one: Class): string[] {
  const own = Reflect.ownKeys(one.prototype).filter((key) => key !== "constructor");
  const fixed = Reflect.ownKeys(one).filter(
    (key) => !["length", "name", "prototype"].includes(String(key)),
  );
  return [...own, ...fixed]
    .map((key) => (key === Symbol.asyncDispose ? Symbol.dispose : key))
    .map(String)
    .toSorted();
}

describe("the mirror has every member of", () => {
  test("Codex but those left out, and no other", () => {
    const expected = membersOf(Codex).filter((name) => !Object.hasOwn(omittedMembers, name));
    expect(membersOf(CodexSync)).toEqual(expected);
  });

  test("Thread and Turn, and no other", () => {
    expect(membersOf(ThreadSync)).toEqual(membersOf(Thread));
    expect(membersOf(TurnSync)).toEqual(membersOf(Turn));
  });

  test("those left out are members of Codex", () => {
    expect(membersOf(Codex)).toEqual(expect.arrayContaining(Object.keys(omittedMembers)));
  });
});

describe("an error of the worker", () => {
  const classes = Object.entries(main).filter(
    ([, one]) => typeof one === "function" && one.prototype instanceof CodexError,
  ) as [string, { prototype: Error }][];

  test.each([
    ...classes,
    ["CodexError", CodexError],
    ["CodexWarning", main.CodexWarning],
    ["TypeError", TypeError],
  ] as [string, { prototype: Error }][])("comes back as %s", (name, { prototype }) => {
    const error = Object.assign(new Error("words"), { code: 5 });
    Object.defineProperty(error, "name", { value: name });
    const packed = (value: unknown) => ({ value, references: [] });
    const data = structuredClone(errorToData(error, packed));
    const back = errorFromData(data, ({ value }) => value);
    expect(Object.getPrototypeOf(back)).toBe(prototype);
    expect(back).toMatchObject({ name, message: "words", code: 5 });
  });

  test("whose name is not known is an Error of that name", () => {
    const error = Object.assign(new Error("gone"), { name: "SystemError", socket: () => {} });
    const packed = (value: unknown) => ({ value, references: [] });
    const back = errorFromData(structuredClone(errorToData(error, packed)), ({ value }) => value);
    expect(Object.getPrototypeOf(back)).toBe(Error.prototype);
    expect(String(back)).toBe("SystemError: gone");
  });
});

test("the main entry loads nothing of the mirror", () => {
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
