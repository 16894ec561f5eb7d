import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    exclude: ["tests/site/**"],
    setupFiles: ["tests/support/keep-traces.ts"],
    typecheck: { enabled: true, include: ["tests/types/**/*.test-d.ts"] },
    // Many tests wait for a server, so two files at once pay even on two processors.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 30_000,
    hookTimeout: 30_000,
    unstubEnvs: true,
  },
});
