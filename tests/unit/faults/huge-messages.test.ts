import { fileURLToPath } from "node:url";
import { expect, it, vi } from "vitest";
import { Codex, TransportClosedError } from "../../../src/index.ts";
import { failureOf } from "../../support/e2e.ts";

vi.setConfig({ testTimeout: 60_000 });

const MIB = 2 ** 20;
const script = fileURLToPath(new URL("../../support/huge-server.mjs", import.meta.url));
const client = () =>
  new Codex({ launchArgs: [process.execPath, script], requestTimeoutMs: 0, onWarning: () => {} });

it("more than 512 MiB sent in one tick all arrive", async () => {
  await using codex = client();
  await codex.connect();
  const text = "x".repeat(70 * MIB);
  const calls = Array.from({ length: 8 }, () => codex.request("sink/text", { text }));
  for (const answer of await Promise.all(calls)) {
    const { length } = answer as { length: number };
    expect(length).toBeGreaterThan(text.length);
  }
});

it("a message of 600 MiB ends the connection with a reason, but not the process", async () => {
  await using codex = client();
  await codex.connect();
  const error = await failureOf(codex.request("huge/answer", {}));
  expect(error).toBeInstanceOf(TransportClosedError);
  expect(error.message).toContain("maxMessageBytes");
  expect(await codex.closed).toBeInstanceOf(TransportClosedError);
});
