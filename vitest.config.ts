import { mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

// The login shells that tests start would otherwise read the user's profile.
const HOME = join(import.meta.dirname, "node_modules", ".home-of-tests");
mkdirSync(HOME, { recursive: true });

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
    env: { HOME },
  },
});
