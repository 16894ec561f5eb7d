import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";
import base from "./vitest.config.ts";

/** Tests that are too slow to run on every change: load, floods, dying processes. `npm test` runs them. */
const SLOW = [
  "tests/unit/**/linear.test.ts",
  "tests/unit/bench/**",
  "tests/unit/cli/trace-summary.test.ts",
  "tests/unit/client/collected.test.ts",
  "tests/unit/faults/{backoff,huge-messages,releases}.test.ts",
  "tests/unit/fleet/thread-store.test.ts",
  "tests/unit/input/{anything,hostile-answers,json-schema,strict-limits}.test.ts",
  "tests/unit/pool/{in-use,random}.test.ts",
  "tests/unit/process/{app-server-process,terminate}.test.ts",
  "tests/unit/requests/{large-requests,nothing-hidden,other-requests}.test.ts",
  "tests/unit/rpc/{pending,repeated-requests,send-window}.test.ts",
  "tests/unit/security/{floods,foreign-text,nested-agents,supply-chain}.test.ts",
  "tests/unit/session/{fast-path,older-servers,pending-limits,pending-requests-order}.test.ts",
  "tests/unit/sync/{bridge,collection-watch,worker-death,worker-thread}.test.ts",
  "tests/unit/testing/replies.test.ts",
  "tests/unit/text/{json-text,visible}.test.ts",
  "tests/unit/timeline/{hostile,join,sharing}.test.ts",
  "tests/unit/trace/secrets.test.ts",
  "tests/unit/traffic/traffic.test.ts",
  "tests/unit/transport/{guarded-transport,line-writer,stdio,websocket}.test.ts",
  "tests/unit/turn/{foreign,log-memory}.test.ts",
  "tests/unit/web/any-order.test.ts",
];

/** A mocked module must be loaded by its own test file first. */
const MOCKING = readdirSync("tests/unit", { recursive: true, encoding: "utf8" })
  .map((file) => `tests/unit/${file}`)
  .filter((file) => file.endsWith(".test.ts") && readFileSync(file, "utf8").includes("vi.mock("));

const exclude = [...configDefaults.exclude, ...SLOW];

const shared = {
  ...base.test,
  // Many tests wait for a timer or a process.
  maxWorkers: Math.max(4, availableParallelism()),
  typecheck: { enabled: false },
};

/** The unit tests without the slow ones. */
export default defineConfig({
  test: {
    // Files that haven't changed aren't compiled again.
    experimental: { fsModuleCache: true },
    projects: [
      {
        test: {
          ...shared,
          name: "unit",
          include: ["tests/unit/**/*.test.ts"],
          exclude: [...exclude, ...MOCKING],
          // Loading the modules again for each file takes longer than the tests.
          isolate: false,
        },
      },
      {
        test: {
          ...shared,
          name: "mocking",
          include: MOCKING,
          exclude,
        },
      },
    ],
  },
});
