import { expect, test } from "vitest";
import { mergeEnvironment } from "../../../src/process/environment.ts";

test("Windows: an override replaces the variable of any case", () => {
  const base = { Path: "old", Other: "kept" };
  expect(mergeEnvironment(base, { PATH: "new" }, "win32")).toEqual({ PATH: "new", Other: "kept" });
  expect(mergeEnvironment(base, { PATH: "new" }, "linux")).toEqual({ ...base, PATH: "new" });
});
