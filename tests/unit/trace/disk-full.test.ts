import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { expect, test, vi } from "vitest";
import { recording, removeFolders, traceFolder } from "../../support/traces.ts";
import { waitUntil } from "../../support/wait-until.ts";

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

const isWritten = (file: string) =>
  waitUntil("the event is written", () => readFileSync(file, "utf8").includes("before"));

test("a trace ends with one report when the disk is full", async () => {
  const file = path.join(traceFolder(), "run.jsonl");
  const { recorder, failures } = recording({ path: file });
  recorder.event("before");
  await isWritten(file);
  disk.isFull = true;
  recorder.message("send", '{"method":"lost"}');
  await waitUntil("it has failed", () => failures.length > 0);
  recorder.message("send", '{"method":"lost too"}');
  disk.isFull = false;
  recorder.message("send", '{"method":"later"}');
  recorder[Symbol.dispose]();
  expect(failures).toMatchObject([{ code: "ENOSPC" }]);
  expect(readFileSync(file, "utf8")).toMatch(/"before"\}\n$/);
});

test("a trace ends with one report when its folder is deleted", async () => {
  const file = path.join(traceFolder(), "folder", "run.jsonl");
  const { recorder, failures } = recording({ path: file, maxBytes: 64 * 1024 });
  recorder.event("before");
  await isWritten(file);
  rmSync(path.dirname(file), { recursive: true });
  for (let count = 0; count < 100; count++) {
    recorder.message("send", JSON.stringify({ method: "x".repeat(1000) }));
  }
  recorder[Symbol.dispose]();
  expect(failures).toMatchObject([{ code: "ENOENT" }]);
});
