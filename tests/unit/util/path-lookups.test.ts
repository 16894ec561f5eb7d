import { expect, test } from "vitest";
import { deferred } from "../../../src/util/deferred.ts";
import { PathLookups } from "../../../src/util/path-lookups.ts";

test("one lookup runs at a time, and none begins while one hangs", async () => {
  const lookups = new PathLookups(10);
  const hung = deferred<string>();
  const begun: string[] = [];
  const look = (name: string, result: Promise<string>) =>
    lookups.run(() => {
      begun.push(name);
      return result;
    });
  const both = [look("hanging", hung.promise), look("waiting", Promise.resolve("never"))];
  expect(await Promise.all(both)).toEqual([undefined, undefined]);
  expect(await look("later", Promise.resolve("never"))).toBeUndefined();
  expect(begun).toEqual(["hanging"]);
  hung.resolve("at last");
  await new Promise(setImmediate);
  expect(await look("afterwards", Promise.resolve("found"))).toBe("found");
});

test("a lookup that fails rejects, and holds no other back", async () => {
  const lookups = new PathLookups(1_000);
  const failing = lookups.run(() => Promise.reject(new Error("gone")));
  await expect(failing).rejects.toThrow("gone");
  expect(await lookups.run(async () => "found")).toBe("found");
});
