import { defineConfig } from "vitest/config";
import base from "./vitest.config.ts";

/** What finds more the longer it goes on. */
export default defineConfig({
  test: {
    ...base.test,
    include: ["tests/fuzz/*.test.ts", "tests/e2e/reliability/leaks.test.ts"],
    env: { FUZZ_SEEDS: "10000", CYCLES: "500" },
    typecheck: { enabled: false },
  },
});
