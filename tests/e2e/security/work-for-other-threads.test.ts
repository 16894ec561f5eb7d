import { existsSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { CodexOptions } from "../../../src/index.ts";
import { command, functionCall, type Part, startScripted } from "../../../src/testing/index.ts";
import { temporaryDirectory } from "../../../src/testing/temporary-directory.ts";

const V1 = { namespace: "multi_agent_v1" };

/** The agent of a read-only thread gives work to a thread without a sandbox. Resolves with whether that work was done. */
async function givesWork(config: CodexOptions["config"]): Promise<boolean> {
  await using directory = await temporaryDirectory("work-for-other-threads");
  const file = path.join(directory.path, "made");
  const script = new Map<string, (() => Part)[]>([
    [
      "Use that thread.",
      [
        () => functionCall("send_input", { target: other.id, message: "Make the file." }, V1),
        () => functionCall("wait_agent", { targets: [other.id], timeout_ms: 10_000 }, V1),
      ],
    ],
    ["Make the file.", [() => command(`echo > '${file}'`)]],
  ]);
  await using s = await startScripted({
    script: ({ userText }) => script.get(userText)?.shift()?.() ?? "Done.",
    config,
    onWarning: () => {},
  });
  const rights = { sandbox: "danger-full-access", approvalPolicy: "never" } as const;
  const other = await s.codex.threadStart(rights);
  await other.run("Hi.");
  const thread = await s.codex.threadStart({ sandbox: "read-only", approvalPolicy: "never" });
  await thread.run("Use that thread.");
  return existsSync(file);
}

describe.skipIf(process.platform === "win32")("an agent of a read-only thread", () => {
  it("can give work to any loaded thread, which does it with its own rights", async () => {
    expect(await givesWork({})).toBe(true);
  });

  it("can't give work to other threads without the tools for sub-agents", async () => {
    expect(await givesWork({ features: { multi_agent: false } })).toBe(false);
  });
});
