import { codexSdkPrograms } from "./codex-sdk.mjs";
import { deltaCpu } from "./delta-cpu.mjs";
import { firstTurn } from "./first-turn.mjs";
import { fleet } from "./fleet.mjs";
import { growth } from "./growth.mjs";
import { handler } from "./handler.mjs";
import { importTime } from "./import.mjs";
import { memory } from "./memory.mjs";
import { page } from "./page.mjs";
import { pool } from "./pool.mjs";
import { python } from "./python.mjs";
import { requests } from "./requests.mjs";
import { resume } from "./resume.mjs";
import { syncTurn } from "./sync-turn.mjs";
import { threadsAtOnce } from "./threads-at-once.mjs";
import { timeline } from "./timeline.mjs";
import { trace } from "./trace.mjs";
import { warmTurn } from "./warm-turn.mjs";

/**
 * All cases, in the order of the table. Each resolves with its rows of the table, and with the
 * lines of its charts if it has any.
 */
export const cases = [
  warmTurn,
  syncTurn,
  firstTurn,
  threadsAtOnce,
  codexSdkPrograms,
  deltaCpu,
  timeline,
  handler,
  page,
  trace,
  memory,
  requests,
  importTime,
  resume,
  growth,
  pool,
  fleet,
  python,
];
