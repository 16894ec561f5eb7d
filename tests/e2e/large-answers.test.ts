import { expect, test } from "vitest";
import { tool } from "../../src/index.ts";
import { functionCall } from "../../src/testing/index.ts";
import { startServed } from "../support/served.ts";

const NOTHING = { type: "object", properties: {}, required: [], additionalProperties: false };

test("a tool result that is too large for the connection fails the call, not the turn", async () => {
  await using served = await startServed([functionCall("dump", {}), "done"]);
  const unhandled: unknown[] = [];
  const note = (error: unknown) => unhandled.push(error);
  process.on("unhandledRejection", note);
  const dump = tool({
    name: "dump",
    description: "More than fits",
    input: NOTHING,
    execute: () => "x".repeat(65_000_000),
  });
  const thread = await served.client().threadStart({ tools: [dump] });
  const { status, items } = await thread.run("go");
  process.off("unhandledRejection", note);
  expect(status).toBe("completed");
  expect(items.at(-1)).toMatchObject({ type: "agentMessage", text: "done" });
  expect(served.model.requests.at(-1)?.lastOutput).toContain("Tool dump failed");
  expect(unhandled).toEqual([]);
});
