import { once } from "node:events";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { warnerOf } from "../../../src/client/options.ts";
import { CodexWarning } from "../../../src/errors/warning.ts";

test("a warning whose Error is of another realm, as in Jest, becomes a process warning too", async () => {
  const warning = new CodexWarning("DEPRECATION", "this will end");
  const { message, name, code } = warning;
  Object.setPrototypeOf(warning, runInNewContext("Error.prototype"));
  const emitted = once(process, "warning");
  warnerOf({})(Object.assign(warning, { name }));
  expect((await emitted)[0]).toMatchObject({ message, name, code });
});
