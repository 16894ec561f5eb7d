"use strict";
const main = require("codex-app-server");
const sync = require("codex-app-server/sync");
const testing = require("codex-app-server/testing");
const web = require("codex-app-server/web");
const browser = require("codex-app-server/browser");
const { runSuite } = require("./run-suite.mjs");

runSuite({ main, sync, testing, web, browser });
