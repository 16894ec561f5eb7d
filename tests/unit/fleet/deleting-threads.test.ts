import { expect, test } from "vitest";
import { deleteWithoutStrangers } from "../../../src/fleet/worker/strangers.ts";
import type { Codex } from "../../../src/index.ts";
import { JsonRpcError, RequestTimeoutError } from "../../../src/index.ts";

/** A client whose server fails to list the sub-agents of these threads. */
function clientOf(failures: Readonly<Record<string, Error>>) {
  const deleted: string[] = [];
  const client = {
    async *threads({ ancestorThreadId = "" }) {
      const failure = failures[ancestorThreadId];
      if (failure) throw failure;
      yield* [];
    },
    async threadDelete(id: string) {
      deleted.push(id);
    },
  };
  return { deleted, codex: client as unknown as Codex };
}

test("a thread isn't deleted if the server doesn't say what would be deleted with it", async () => {
  const { codex, deleted } = clientOf({
    silent: new RequestTimeoutError("thread/list", 100),
    unknown: new JsonRpcError("thread/list", { code: -32600, message: "no such thread" }),
  });
  await deleteWithoutStrangers(codex, ["silent", "unknown", "known"]);
  expect(deleted).toEqual(["unknown", "known"]);
});
