"use strict";
const main = require("codex-app-server");
const sync = require("codex-app-server/sync");
const testing = require("codex-app-server/testing");
const { runSuite } = require("./run-suite.mjs");

// Jest sets the global `test`.
test("the suite runs", () => runSuite({ main, sync, testing }), 600_000);
