import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

// The login shells that tests start would otherwise read the user's profile.
const HOME = join(import.meta.dirname, "node_modules", ".home-of-tests");
mkdirSync(HOME, { recursive: true });

/** The options of all tests. */
export const options = {
  setupFiles: ["tests/support/keep-traces.ts"],
  testTimeout: 30_000,
  hookTimeout: 30_000,
  unstubEnvs: true,
  env: { HOME },
  typecheck: { enabled: false },
};

/** Unit tests that are slow: load, floods, dying processes, compilers. */
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
  "tests/unit/security/{floods,foreign-text,many-turns,nested-agents,supply-chain}.test.ts",
  "tests/unit/session/{fast-path,older-servers,pending-limits,pending-requests-order}.test.ts",
  "tests/unit/snippets.test.ts",
  "tests/unit/sync/{bridge,collection-watch,worker-death,worker-thread}.test.ts",
  "tests/unit/testing/replies.test.ts",
  "tests/unit/text/{json-text,visible}.test.ts",
  "tests/unit/timeline/{hostile,join,sharing}.test.ts",
  "tests/unit/trace/secrets.test.ts",
  "tests/unit/traffic/traffic.test.ts",
  "tests/unit/transport/{guarded-transport,line-writer,local-port,stdio,unix-socket,websocket}.test.ts",
  "tests/unit/turn/{foreign,log-memory}.test.ts",
  "tests/unit/web/any-order.test.ts",
];

/** Tests that measure CPU time. They run after all others: tests beside them would double what they measure. */
const MEASURING = ["tests/unit/bench/guard.test.ts"];

/** Unit tests that take longer than most others: large packages, much data, many sockets, timers that have to pass. */
const LONG = [
  "tests/unit/bridge/patch.test.ts",
  "tests/unit/browser/bundle.test.ts",
  "tests/unit/cli/prompts.test.ts",
  "tests/unit/client/{goal,order-of-changes}.test.ts",
  "tests/unit/exports.test.ts",
  "tests/unit/faults/{odd-messages,review-during-start,whole-streams}.test.ts",
  "tests/unit/fleet/{packed-histories,unreachable-redis}.test.ts",
  "tests/unit/input/{media,output-schema,strict-conversion,strict-schema,tool-results,tools}.test.ts",
  "tests/unit/otel/turns.test.ts",
  "tests/unit/pool/home.test.ts",
  "tests/unit/rpc/digest.test.ts",
  "tests/unit/session/{reliability,request-items,watchdog}.test.ts",
  "tests/unit/sync/{call-server,nested-functions}.test.ts",
  "tests/unit/text/secrets.test.ts",
  "tests/unit/thread/{merged-start,merged-starts,starts,taken-slot}.test.ts",
  "tests/unit/timeline/browser.test.ts",
  "tests/unit/trace/long-deltas.test.ts",
  "tests/unit/transport/{lines,websocket-heartbeat}.test.ts",
  "tests/unit/turn/delta-forms.test.ts",
  "tests/unit/util/{call-order,deadline,fifo}.test.ts",
  "tests/unit/web/streams.test.ts",
];

/** A mocked module must be loaded by its own test file first. */
const MOCKING = readdirSync("tests/unit", { recursive: true, encoding: "utf8" })
  .map((file) => `tests/unit/${file}`)
  .filter((file) => file.endsWith(".test.ts") && readFileSync(file, "utf8").includes("vi.mock("));

// Loading the modules again for each file takes longer than the tests.
const together = { ...options, isolate: false };

/** The unit tests without those that take long. */
export const quick = {
  test: {
    ...together,
    name: "unit",
    include: ["tests/unit/**/*.test.ts"],
    exclude: [...SLOW, ...LONG, ...MEASURING, ...MOCKING],
  },
};

export const long = {
  test: { ...together, name: "long", include: LONG },
};

export const measuring = {
  test: { ...options, name: "measuring", include: MEASURING, sequence: { groupOrder: 1 } },
};

/** All other tests, and those of the types. */
export const others = {
  test: {
    ...options,
    name: "others",
    include: ["tests/{e2e,fuzz}/**/*.test.ts", ...SLOW, ...MOCKING],
    exclude: MEASURING,
    typecheck: {
      // The argument only reaches the options outside the projects.
      enabled: !process.argv.includes("--no-typecheck"),
      include: ["tests/types/**/*.test-d.ts"],
    },
  },
};
