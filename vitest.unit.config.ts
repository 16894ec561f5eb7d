import { readdirSync, readFileSync } from "node:fs";
import { configDefaults, defineConfig } from "vitest/config";
import base from "./vitest.config.ts";

/** Tests that are too slow to run on every change: load, floods, dying processes. `npm test` runs them. */
const SLOW = [
  "tests/unit/**/linear.test.ts",
  "tests/unit/bench/**",
  "tests/unit/faults/{backoff,huge-messages,releases}.test.ts",
  "tests/unit/input/{anything,hostile-answers}.test.ts",
  "tests/unit/pool/random.test.ts",
  "tests/unit/process/{app-server-process,terminate}.test.ts",
  "tests/unit/requests/large-requests.test.ts",
  "tests/unit/rpc/{pending,repeated-requests,send-window}.test.ts",
  "tests/unit/security/{floods,supply-chain}.test.ts",
  "tests/unit/session/{fast-path,older-servers,pending-limits,pending-requests-order}.test.ts",
  "tests/unit/sync/{bridge,worker-death,worker-thread}.test.ts",
  "tests/unit/testing/replies.test.ts",
  "tests/unit/text/visible.test.ts",
  "tests/unit/transport/{line-writer,stdio,websocket}.test.ts",
  "tests/unit/turn/log-memory.test.ts",
];

/** A mocked module must be loaded by its own test file first. */
const MOCKING = readdirSync("tests/unit", { recursive: true, encoding: "utf8" })
  .map((file) => `tests/unit/${file}`)
  .filter((file) => file.endsWith(".test.ts") && readFileSync(file, "utf8").includes("vi.mock("));

const exclude = [...configDefaults.exclude, ...SLOW];

/** The unit tests without the slow ones. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...base.test,
          name: "unit",
          include: ["tests/unit/**/*.test.ts"],
          exclude: [...exclude, ...MOCKING],
          typecheck: { enabled: false },
          // Loading the modules again for each file takes longer than the tests.
          isolate: false,
        },
      },
      {
        test: {
          ...base.test,
          name: "mocking",
          include: MOCKING,
          exclude,
          typecheck: { enabled: false },
        },
      },
    ],
  },
});
