import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { quick } from "./vitest.projects.ts";

/** The tests to run on every change. `npm test` runs the slow ones too. */
export default defineConfig({
  test: {
    projects: [quick],
    // Many tests wait for a timer or a process.
    maxWorkers: availableParallelism() + 1,
    // Files that haven't changed aren't compiled again.
    experimental: { fsModuleCache: true },
  },
});
