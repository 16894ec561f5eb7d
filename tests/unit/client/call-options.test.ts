import { describe, expect, test } from "vitest";
import { fakeClient } from "../../support/fake.ts";

describe("options of calls that have the wrong type", () => {
  test.each([
    ["a signal of the wrong type", { signal: {} }, /signal must be an AbortSignal, not an object/],
    ["a time that isn't a number", { timeoutMs: "5" }, /timeoutMs must be a number/],
    ["a negative time", { timeoutMs: -1 }, /timeoutMs must be 0 or more/],
    ["a time that is NaN", { timeoutMs: Number.NaN }, /timeoutMs must be 0 or more/],
  ])("are rejected before anything is sent: %s", async (_, wrong, message) => {
    const { server, codex } = fakeClient();
    const thread = await codex.threadStart();
    const sent = server.received.length;
    const options = wrong as object;
    await expect(codex.modelList(options)).rejects.toThrow(message);
    await expect(codex.request("model/list", {}, options)).rejects.toThrow(message);
    await expect(thread.run("hi", options)).rejects.toThrow(message);
    await expect(thread.read(options)).rejects.toThrow(message);
    expect(server.received).toHaveLength(sent);
  });

  test("a wait can have any length", async () => {
    const { server, codex } = fakeClient();
    server.answer("model/list", () => ({ data: [], nextCursor: null }));
    for (const timeoutMs of [Number.POSITIVE_INFINITY, 30 * 24 * 3_600_000, 2 ** 31]) {
      await expect(codex.modelList({ timeoutMs })).resolves.toMatchObject({ data: [] });
    }
  });
});
