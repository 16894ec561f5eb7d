import { expect, it } from "vitest";
import { usualThreadId } from "../../../src/util/thread-id.ts";

const ID = "01a2af19-ca4b-7803-82c4-d7f48ca15685";

it("recognises each form of an id that servers accept", () => {
  const forms = [ID, ID.toUpperCase(), ID.replaceAll("-", ""), `{${ID}}`, `urn:uuid:${ID}`];
  for (const form of forms) expect(usualThreadId(form), form).toBe(ID);
});

it("leaves any other text unchanged", () => {
  for (const text of ["", "thread-1", `${ID}0`, ` ${ID}`, `${ID}\n`, ID.replace("0", "g")]) {
    expect(usualThreadId(text), text).toBe(text);
  }
});
