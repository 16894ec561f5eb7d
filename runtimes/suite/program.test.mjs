import * as main from "codex-app-server";
import * as sync from "codex-app-server/sync";
import * as testing from "codex-app-server/testing";
import { runSuite } from "./run-suite.mjs";

// Jest and vitest set the global `test`.
test("the suite runs", () => runSuite({ main, sync, testing }), 600_000);
