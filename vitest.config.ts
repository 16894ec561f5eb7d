import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { long, measuring, others, quick } from "./vitest.projects.ts";

/** All tests except those of the site. */
export default defineConfig({
  test: {
    projects: [others, long, quick, measuring],
    // Many tests wait for a server.
    maxWorkers: availableParallelism() + 1,
  },
});
