import { defineConfig } from "vitest/config";
import base from "./vitest.config.ts";

/** The tests that find more the longer they run. */
export default defineConfig({
  test: {
    ...base.test,
    include: [
      "tests/fuzz/*.test.ts",
      "tests/e2e/reliability/leaks.test.ts",
      "tests/e2e/fleet/chaos.test.ts",
    ],
    env: { FUZZ_SEEDS: "100000", CYCLES: "500", CHAOS_RUNS: "20", CHAOS_TURNS: "200" },
    typecheck: { enabled: false },
  },
});
