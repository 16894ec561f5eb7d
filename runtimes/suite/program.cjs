"use strict";
const main = require("codex-app-server");
const sync = require("codex-app-server/sync");
const testing = require("codex-app-server/testing");
const { runSuite } = require("./run-suite.mjs");

runSuite({ main, sync, testing });
