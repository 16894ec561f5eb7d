import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** The built site in a browser; `npm run test:site` builds it first. */
export default defineConfig({
  test: {
    include: ["tests/site/**/*.test.ts"],
    maxWorkers: availableParallelism(),
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
