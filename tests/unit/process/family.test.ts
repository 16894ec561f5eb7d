import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test, vi } from "vitest";
import { familyOf } from "../../../src/process/family.ts";
import {
  type ProcessTable,
  parsePs,
  procTable,
  psTable,
} from "../../../src/process/process-table.ts";
import { isRunning } from "../../support/processes.ts";
import { waitUntil } from "../../support/wait-until.ts";

function startSleeper() {
  const child = spawn("sleep", ["600"], { stdio: "ignore" });
  if (child.pid === undefined) throw new Error("sleep did not start");
  return { pid: child.pid, exited: once(child, "exit") };
}

/** If it had been sent a SIGKILL earlier, that would be the signal that ended it. */
async function expectUntouched({ pid, exited }: ReturnType<typeof startSleeper>) {
  process.kill(pid, "SIGTERM");
  expect(await exited).toEqual([null, "SIGTERM"]);
}

const tables: [string, () => Promise<ProcessTable> | ProcessTable][] = [
  ["/proc", () => procTable],
  ["ps", psTable],
];

test.each(tables)("kills the descendants that %s shows, and no others", async (_name, table) => {
  const mine = startSleeper();
  const family = familyOf(process.pid);
  expect(family.isEmpty()).toBe(true);
  const first = await table();
  family.remember({
    ...first,
    children: (pid) => first.children(pid).filter((c) => c === mine.pid),
  });
  const later = startSleeper();
  family.killSurvivors(await table());
  expect(await mine.exited).toEqual([null, "SIGKILL"]);
  await expectUntouched(later);
});

test("doesn't kill a pid that now belongs to another process", async () => {
  const other = startSleeper();
  const family = familyOf(1);
  family.remember({
    children: (pid) => (pid === 1 ? [other.pid] : []),
    startedAt: () => "long ago",
  });
  family.killSurvivors(procTable);
  await expectUntouched(other);
});

test("finds what a survivor has started since", async () => {
  const since = startSleeper();
  const family = familyOf(1);
  const imaginary = 2 ** 30; // beyond what any system gives, so that no signal can hit
  const startedAt = (pid: number) => (pid === imaginary ? "then" : procTable.startedAt(pid));
  family.remember({ startedAt, children: (pid) => (pid === 1 ? [imaginary] : []) });
  family.killSurvivors({ startedAt, children: (pid) => (pid === imaginary ? [since.pid] : []) });
  await waitUntil("it is gone", () => !isRunning(since.pid));
});

test("reads what ps writes on macOS", () => {
  const table = parsePs(
    [
      "    1     0 Ss   Thu Nov 19 08:12:01 2026",
      "  501     1 S+   Mon Nov 23 23:17:10 2026    ",
      "  502   501 Z    Mon Nov 23 23:17:11 2026",
      "  503   501 R    Mon Nov 23 23:17:12 2026",
      "",
    ].join("\n"),
  );
  expect(table.children(501)).toEqual([503]);
  expect(table.children(503)).toEqual([]);
  expect(table.startedAt(503)).toBe("Mon Nov 23 23:17:12 2026");
  expect(table.startedAt(502)).toBeUndefined();
});

test("processes that endlessly start each other are found and killed", () => {
  const depth = 100_000;
  const table = {
    children: (pid: number) => (pid < depth ? [pid + 1] : []),
    startedAt: (pid: number) => `at ${pid}`,
  };
  const family = familyOf(1);
  family.remember(table);
  const kill = vi.spyOn(process, "kill").mockReturnValue(true);
  family.killSurvivors(table);
  expect(kill).toHaveBeenCalledTimes(depth - 1);
  expect(kill).toHaveBeenLastCalledWith(depth, "SIGKILL");
  kill.mockRestore();
});
