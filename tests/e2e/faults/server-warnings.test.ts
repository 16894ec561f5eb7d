import { describe, expect, test } from "vitest";
import type { CodexWarning } from "../../../src/index.ts";
import { startScripted } from "../../../src/testing/index.ts";

/** The warnings of a client with this configuration, after some turns on two threads. */
async function warningsOf(config: object, options: object = {}): Promise<CodexWarning[]> {
  const warnings: CodexWarning[] = [];
  await using s = await startScripted({
    config: config as never,
    script: (request) => `echo ${request.userText}`,
    onWarning: (warning) => warnings.push(warning),
  });
  for (let count = 0; count < 2; count++) {
    const thread = await s.codex.threadStart(options);
    await thread.run("one");
    await thread.run("two");
  }
  return warnings;
}

const about = (warnings: readonly CodexWarning[], words: string) =>
  warnings.filter(({ message }) => message.includes(words));

describe("warnings of the server reach onWarning once", () => {
  test("a misspelt feature", async () => {
    const warnings = about(await warningsOf({ features: { goalz: true } }), "goalz");
    expect(warnings).toHaveLength(1);
  });

  test("an unknown model", async () => {
    const warnings = about(await warningsOf({}, { model: "no-such-model" }), "no-such-model");
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.name).toBe("CodexWarning");
  });

  test("a feature under development", async () => {
    const config = { features: { multi_agent_v2_dynamic_tools: true } };
    expect(about(await warningsOf(config), "multi_agent_v2_dynamic_tools")).toHaveLength(1);
  });

  test("a deprecated way to resume still works", async () => {
    const warnings: CodexWarning[] = [];
    await using s = await startScripted({
      script: ["hi"],
      onWarning: (warning) => warnings.push(warning),
    });
    const thread = await s.codex.threadStart();
    await thread.run("one");
    for (let count = 0; count < 2; count++) {
      await s.codex.request("thread/resume", { threadId: thread.id });
      await s.codex.modelList();
    }
    expect(about(warnings, "excludeTurns")).toHaveLength(1);
  });
});
