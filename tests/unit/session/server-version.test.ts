import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { isOlder, OLDEST_TESTED_SERVER } from "../../../src/thread/server-version.ts";
import { fakeClient } from "../../support/fake.ts";

async function warningsOf(version: string) {
  const { server, codex, warnings } = fakeClient();
  server.answer("initialize", () => ({ userAgent: `fake/${version} (memory)` }));
  await codex.connect();
  expect(codex.metadata.serverInfo.version).toBe(version);
  await codex.close();
  return warnings;
}

describe("a server's version", () => {
  test("older than the oldest tested causes one warning, with both versions and a remedy", async () => {
    const warnings = await warningsOf("0.124.9");
    expect(warnings.map(({ code }) => code)).toEqual(["UNTESTED_SERVER"]);
    expect(warnings[0]?.message).toMatch(/0\.124\.9.*0\.125\.0.*Update the server.*codexBin/);
  });

  test.each(["0.125.0", "0.169.0", "1.2.3", "0.1000.0", "dev", "0.99"])(
    "%s causes none",
    async (version) => {
      expect(await warningsOf(version)).toEqual([]);
    },
  );

  test("causes one warning per client, however often the client connects", async () => {
    const { server, codex, warnings } = fakeClient({
      restart: { initialDelayMs: 0 },
    });
    server.answer("initialize", () => ({ userAgent: "fake/0.99.0 (memory)" }));
    await codex.connect();
    const states: string[] = [];
    const again = new Promise<void>((resolve) => {
      codex.onStatus(({ state }) => {
        states.push(state);
        if (state === "ready") resolve();
      });
    });
    server.disconnect();
    await again;
    expect(states).toEqual(["reconnecting", "ready"]);
    expect(warnings.map(({ code }) => code)).toEqual(["UNTESTED_SERVER"]);
    await codex.close();
  });

  test.each([
    ["0.124.9", "0.125.0", true],
    ["0.99.0", "0.125.0", true],
    ["0.125.0-alpha.2", "0.125.0", true],
    ["0.125.0-alpha.2", "0.125.0-alpha.10", true],
    ["0.125.0-alpha.2", "0.125.0-alpha.beta", true],
    ["0.125.0-alpha", "0.125.0-alpha.1", true],
    ["0.125.0", "0.125.0-alpha.2", false],
    ["0.125.0+build.1", "0.125.0", false],
    ["0.126.0-alpha.1", "0.125.0", false],
    ["1.0.0", "0.125.0", false],
    ["0.124", "0.125.0", false],
    ["", "0.125.0", false],
  ])("%s is older than %s: %s", (one, other, older) => {
    expect(isOlder(one, other)).toBe(older);
  });
});

test("the oldest tested server is the oldest that the compatibility suite installs", () => {
  const folder = path.resolve(import.meta.dirname, "../../../compat/servers");
  const installed = readdirSync(folder);
  expect(installed).toContain(OLDEST_TESTED_SERVER);
  expect(installed.filter((version) => isOlder(version, OLDEST_TESTED_SERVER))).toEqual([]);
});
