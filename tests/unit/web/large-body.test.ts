import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Codex } from "../../../src/client/codex.ts";
import { largeBody } from "../../../src/web/large-body.ts";
import { olderTurns } from "../../../src/web/older-turns.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const TEXT = "ä".repeat(500_000);

it("a large body arrives complete, and ends once", async () => {
  const over = vi.fn();
  expect(await new Response(largeBody(TEXT, over)).text()).toBe(TEXT);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(over).toHaveBeenCalledTimes(1);
});

it("a large body that isn't read for a minute ends with an error", async () => {
  const over = vi.fn();
  const reader = largeBody(TEXT, over).getReader();
  await reader.read();
  await vi.advanceTimersByTimeAsync(59_000);
  await reader.read();
  await vi.advanceTimersByTimeAsync(59_000);
  expect(over).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(over).toHaveBeenCalledTimes(1);
  await expect(reader.read()).rejects.toThrow("stopped reading");
});

it("a large body ends when its reader leaves", async () => {
  const over = vi.fn();
  await largeBody(TEXT, over).cancel();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(over).toHaveBeenCalledTimes(1);
});

it("at most 20 older turns are read at once: each can have megabytes, and a message has a limit", async () => {
  const request = vi.fn(async () => ({ data: [], nextCursor: "next" }));
  const query = { threadId: "t", cursor: undefined, signal: new AbortController().signal };
  const codex = { request } as unknown as Codex;
  for (const limit of [5, 100]) await olderTurns(codex, { ...query, limit });
  const limits = (request.mock.calls as unknown[][]).map(([, params]) => params);
  expect(limits).toMatchObject([{ limit: 5 }, { limit: 20 }]);
});
