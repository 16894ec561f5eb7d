import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { expect, test, vi } from "vitest";
import { recording, removeFolders, traceFolder } from "../../support/traces.ts";

const disk = vi.hoisted(() => ({ isFull: false }));

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  const writeSync = (descriptor: number, bytes: Uint8Array, at: number) => {
    if (!disk.isFull) return fs.writeSync(descriptor, bytes, at);
    throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  };
  return { ...fs, writeSync };
});

removeFolders();

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

test("a trace ends with one report when the disk is full", async () => {
  const file = path.join(traceFolder(), "run.jsonl");
  const { recorder, failures } = recording({ path: file });
  recorder.event("before");
  await nextTurn();
  disk.isFull = true;
  for (let count = 0; count < 3; count++) {
    recorder.message("send", '{"method":"lost"}');
    await nextTurn();
  }
  disk.isFull = false;
  recorder.message("send", '{"method":"later"}');
  recorder[Symbol.dispose]();
  expect(failures).toMatchObject([{ code: "ENOSPC" }]);
  expect(readFileSync(file, "utf8")).toMatch(/"before"\}\n$/);
});

test("a trace ends with one report when its folder has gone", async () => {
  const file = path.join(traceFolder(), "folder", "run.jsonl");
  const { recorder, failures } = recording({ path: file, maxBytes: 64 * 1024 });
  recorder.event("before");
  await nextTurn();
  rmSync(path.dirname(file), { recursive: true });
  for (let count = 0; count < 100; count++) {
    recorder.message("send", JSON.stringify({ method: "x".repeat(1000) }));
  }
  recorder[Symbol.dispose]();
  expect(failures).toMatchObject([{ code: "ENOENT" }]);
});
