import { expect, it } from "vitest";
import { findThread } from "../../../src/codex-sdk/find-thread.ts";

it("runs with different forms of an id share the loaded thread", async () => {
  const id = "01a2af19-ca4b-7803-82c4-d7f48ca15685";
  for (const form of [id, id.toUpperCase(), id.replaceAll("-", "")]) {
    expect(await findThread({} as never, form, {} as never), form).toBe(id);
  }
});
