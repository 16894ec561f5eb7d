import { defineConfig } from "vitest/config";
import base from "./vitest.config.ts";

/** The tests that find more the longer they run. */
export default defineConfig({
  test: {
    ...base.test,
    include: ["tests/fuzz/*.test.ts", "tests/e2e/reliability/leaks.test.ts"],
    env: { FUZZ_SEEDS: "100000", CYCLES: "500" },
    typecheck: { enabled: false },
  },
});
