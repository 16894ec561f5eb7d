import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { Codex, type CodexWarning, TransportClosedError } from "../../../src/index.ts";
import { failureOf } from "../../support/e2e.ts";

const script = fileURLToPath(new URL("../../support/odd-server.mjs", import.meta.url));

/** A client of a server process with this oddity. */
function oddServer(manner: string) {
  const warnings: CodexWarning[] = [];
  const codex = new Codex({
    launchArgs: [process.execPath, script, manner],
    onWarning: (warning) => warnings.push(warning),
  });
  return { codex, warnings };
}

describe("a connection survives, and warns as often as it should, after", () => {
  test.each<[manner: string, warnings: readonly string[]]>([
    ["no json", ["STRAY_MESSAGE"]],
    ["no message", ["STRAY_MESSAGE", "STRAY_MESSAGE"]],
    ["an answer to nobody", ["STRAY_MESSAGE"]],
    ["an answer twice", ["STRAY_MESSAGE"]],
    ["an unknown request", ["UNHANDLED_REQUEST"]],
    ["an unknown notification", []],
    ["news of an unknown thread", []],
  ])("%s", async (manner, expected) => {
    const { codex, warnings } = oddServer(manner);
    const page = { data: [], nextCursor: null };
    expect(await codex.modelList()).toEqual(page);
    // When the second answer has arrived, so has everything that follows the first.
    expect(await codex.modelList()).toEqual(page);
    expect(codex.status.state).toBe("ready");
    expect(warnings.map(({ code }) => code)).toEqual(expected);
    await codex.close();
  });
});

test("an unknown request is answered with an error", async () => {
  const { codex } = oddServer("an unknown request");
  const answered = new Promise((resolve) => {
    codex.on("odd/answered", resolve);
  });
  await codex.modelList();
  expect(await answered).toMatchObject({ id: "odd", error: { code: -32601 } });
  await codex.close();
});

test("a hundred thousand stray lines cause a few warnings, with their number", async () => {
  const { codex, warnings } = oddServer("a flood");
  await codex.modelList();
  await codex.close();
  expect(warnings.length).toBeGreaterThan(8);
  expect(warnings.length).toBeLessThan(30);
  expect(warnings.at(-1)?.message).toContain("(65536 such messages so far)");
});

test("a server that writes half a line and crashes: one warning, and the error says how it ended", async () => {
  const { codex, warnings } = oddServer("half a line");
  const error = await failureOf(codex.modelList());
  expect(error).toBeInstanceOf(TransportClosedError);
  expect(error).toMatchObject({ exitCode: 3 });
  expect(warnings).toMatchObject([{ code: "STRAY_MESSAGE" }]);
  expect(warnings[0]?.message).toContain('{"id":2,"res');
  expect(await codex.closed).toBeInstanceOf(TransportClosedError);
});
