import { configDefaults, defineConfig } from "vitest/config";
import base from "./vitest.config.ts";

/** What takes longer than the loop of a developer should: load, floods, dying processes. `npm test` runs it. */
const SLOW = [
  "tests/unit/**/linear.test.ts",
  "tests/unit/bench/**",
  "tests/unit/faults/{backoff,huge-messages,releases}.test.ts",
  "tests/unit/input/{anything,hostile-answers}.test.ts",
  "tests/unit/process/{app-server-process,terminate}.test.ts",
  "tests/unit/rpc/{pending,repeated-requests,send-window}.test.ts",
  "tests/unit/security/{floods,supply-chain}.test.ts",
  "tests/unit/session/{fast-path,older-servers}.test.ts",
  "tests/unit/sync/{bridge,worker-death,worker-thread}.test.ts",
  "tests/unit/testing/replies.test.ts",
  "tests/unit/text/visible.test.ts",
  "tests/unit/transport/{line-writer,stdio,websocket}.test.ts",
  "tests/unit/turn/log-memory.test.ts",
];

/** The unit tests without the slow ones. */
export default defineConfig({
  test: {
    ...base.test,
    include: ["tests/unit/**/*.test.ts"],
    exclude: [...configDefaults.exclude, ...SLOW],
    typecheck: { enabled: false },
    // Loading the modules again for each file takes longer than the tests.
    isolate: false,
  },
});
