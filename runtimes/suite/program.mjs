import * as main from "codex-app-server";
import * as browser from "codex-app-server/browser";
import * as sync from "codex-app-server/sync";
import * as testing from "codex-app-server/testing";
import * as web from "codex-app-server/web";
import { runSuite } from "./run-suite.mjs";

runSuite({ main, sync, testing, web, browser });
