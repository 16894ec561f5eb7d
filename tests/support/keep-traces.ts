import { rmSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeEach, expect, type RunnerTask } from "vitest";
import { TRACE_VARIABLE } from "../../src/trace/options.ts";

/** Where the traces of failed end-to-end tests are kept, in a folder for each file and test. */
const RESULTS = path.resolve("test-results");

const file = path.relative(path.resolve("tests/e2e"), expect.getState().testPath ?? "");
if (!file.startsWith("..")) traceTests(path.join(RESULTS, file.replace(/\.test\.ts$/, "")));

/**
 * Traces the clients of each test in this file, and those that the tests share. Removes the traces
 * of passed tests after the last one, when the shared clients are closed.
 */
function traceTests(folder: string): void {
  const shared = path.join(folder, "shared");
  const passed: string[] = [];
  let count = 0;
  let current = shared;
  remove(folder);
  use(shared);

  beforeEach(({ task }) => {
    current = path.join(folder, `${++count}-${fileName(task.name)}`);
    use(current);
  });
  afterEach(({ task }) => {
    use(shared);
    if (task.result?.state !== "fail") passed.push(current);
    else console.error(`The test failed; its traces, if any: ${current} and ${shared}`);
  });
  // biome-ignore lint/correctness/noEmptyPattern: Vitest refuses any other first parameter.
  afterAll(({}, suite) => {
    for (const one of hasFailed(suite) ? passed : [folder]) remove(one);
  });
}

/** Whether a test or a hook has failed. */
function hasFailed(task: RunnerTask): boolean {
  if (task.result?.state === "fail") return true;
  return task.type === "suite" && task.tasks.some(hasFailed);
}

/** A path with a slash at its end is a folder in which each client writes its own file. */
function use(folder: string): void {
  process.env[TRACE_VARIABLE] = `${folder}/`;
}

function fileName(name: string): string {
  return name.replaceAll(/[^\w]+/g, "-").slice(0, 80);
}

function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // On Windows, a program that is still ending holds its trace open.
  }
}
