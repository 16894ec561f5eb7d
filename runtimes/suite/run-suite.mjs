import { appendFileSync } from "node:fs";
import { behaviours } from "./behaviours.mjs";
import { serveWeb } from "./serve-web.mjs";

/**
 * Runs the behaviours whose names SUITE_NAMES lists in JSON, and appends a line to SUITE_REPORT
 * when one starts, and one with its result.
 */
export async function runSuite(modules) {
  const { SUITE_NAMES, SUITE_REPORT } = process.env;
  const withServer = {
    serveWeb: (handler) => serveWeb(handler, modules.web.toNodeHandler),
    ...modules,
  };
  const report = (record) => appendFileSync(SUITE_REPORT, `${JSON.stringify(record)}\n`);
  for (const name of JSON.parse(SUITE_NAMES)) {
    report({ name });
    try {
      await behaviours[name](withServer);
      report({ name, outcome: "passed" });
    } catch (error) {
      report({ name, outcome: "failed", message: error.message, stack: error.stack });
    }
  }
  report({ end: true });
}
