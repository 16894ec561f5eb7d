import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { LaunchError } from "../../../src/errors/errors.ts";
import { WorkerThread, workerModuleUrl } from "../../../src/sync/worker-thread.ts";
import { endBlockedTests } from "../../support/both-clients.ts";
import { moduleOf } from "../../support/sync-worker.ts";

endBlockedTests();

/** Blocks until the worker has ended; returns the error of its calls, and how long it took in ms. */
function endOf(thread: WorkerThread): { error: Error; ms: number } {
  const start = performance.now();
  for (;;) {
    const seen = thread.messageCount;
    while (thread.receive());
    if (thread.end) return { error: thread.end.error(), ms: performance.now() - start };
    thread.wait(seen);
  }
}

const PROMPT_MS = 5_000;

describe("a worker that can't load fails immediately, and names the cause and the remedy", () => {
  const missing = pathToFileURL("/no/such/folder/worker.js").href;
  test.each([
    ["whose file is missing", missing, "Cannot find module '/no/such/folder/worker.js'"],
    ["with a syntax error", moduleOf("export function ("), "Function statements require"],
    ["that throws", moduleOf("throw new RangeError('no native part')"), "no native part"],
    ["that throws no error", moduleOf("throw 'a text'"), "a text"],
    [
      "that imports a missing file",
      moduleOf("import 'file:///no/such/chunk.js'"),
      "/no/such/chunk.js",
    ],
    [
      "that rejects a promise and never finishes",
      moduleOf("Promise.reject(new Error('nobody caught it')); await new Promise(() => {});"),
      "nobody caught it",
    ],
    ["that is another module", moduleOf("export default '/worker.js'"), "no function serveCalls"],
    [
      "that throws when it is to serve",
      moduleOf("export const serveCalls = () => { throw new Error('no port') }"),
      "no port",
    ],
  ])("%s", (_what, url, why) => {
    const { error, ms } = endOf(new WorkerThread(() => url));
    expect(error).toBeInstanceOf(LaunchError);
    expect(error.message).toContain("CodexSync couldn't start its worker thread: ");
    expect(error.message).toContain(why);
    expect(error.message).toContain("mark codex-app-server as external");
    expect(error.cause).toMatchObject({ message: expect.stringContaining(why) });
    expect(ms).toBeLessThan(PROMPT_MS);
  });

  test("whose error has a code", () => {
    const { error } = endOf(new WorkerThread(() => missing));
    expect(error.cause).toMatchObject({ code: "ERR_MODULE_NOT_FOUND" });
  });

  test("where the location of the module is unknown", () => {
    const create = () =>
      new WorkerThread(() => {
        throw new TypeError("Invalid URL");
      });
    expect(create).toThrow(LaunchError);
    expect(create).toThrow("couldn't start its worker thread: Invalid URL. If this program is");
  });
});

describe("a worker that ends before it has served is an error too", () => {
  test.each([
    ["by process.exit() while it loads", moduleOf("process.exit(3)"), "it exited with code 3"],
    [
      "by running out of work",
      moduleOf("export const serveCalls = () => {}"),
      "it exited with code 0",
    ],
  ])("%s", (_what, url, why) => {
    const { error, ms } = endOf(new WorkerThread(() => url));
    expect(error).toBeInstanceOf(LaunchError);
    expect(error.message).toContain(`couldn't start its worker thread: ${why}. If`);
    expect(ms).toBeLessThan(PROMPT_MS);
  });
});

test("the worker's module is next to its own", () => {
  expect(workerModuleUrl()).toMatch(/^file:.*\/sync\/worker\.js$/);
});
