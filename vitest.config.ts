import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    exclude: ["tests/site/**"],
    setupFiles: ["tests/support/keep-traces.ts"],
    typecheck: { enabled: true, include: ["tests/types/**/*.test-d.ts"] },
    testTimeout: 30_000,
    hookTimeout: 30_000,
    unstubEnvs: true,
  },
});
