import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { parsePsMemory, residentMemory } from "../../../src/process/process-memory.ts";

const MB = 2 ** 20;

test("a process counts with all that descend from it, and one that has ended is absent", async () => {
  const { rss } = process.memoryUsage();
  const before = (await residentMemory([process.pid])).get(process.pid) ?? 0;
  expect(before).toBeGreaterThan(rss / 2);
  const fill = "globalThis.b = Buffer.alloc(2e8, 1); console.log(1); setInterval(() => {}, 1e6)";
  const shell = spawn("/bin/sh", ["-c", '"$0" -e "$1"; true', process.execPath, fill], {
    detached: true,
  });
  onTestFinished(() => void process.kill(-(shell.pid ?? 0), "SIGKILL"));
  await once(shell.stdout, "data");
  const pid = shell.pid ?? 0;
  const memory = await residentMemory([pid, process.pid, 2 ** 22 + 1]);
  expect(memory.get(pid)).toBeGreaterThan(200 * MB * 0.9);
  expect(memory.get(process.pid)).toBeGreaterThan(memory.get(pid) ?? 0);
  expect([...memory.keys()]).toEqual([pid, process.pid]);
});

test("the output of ps is read, even with unexpected lines", () => {
  const table = parsePsMemory(
    "    1     0   1200\n   20     1  50000\n   21    20 70\nPID PPID RSS\n\n",
  );
  expect(table.children(1)).toEqual([20]);
  expect(table.children(21)).toEqual([]);
  expect([1, 20, 21, 99].map(table.resident)).toEqual([1_228_800, 51_200_000, 71_680, undefined]);
});
