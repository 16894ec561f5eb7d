import * as main from "codex-app-server";
import * as sync from "codex-app-server/sync";
import * as testing from "codex-app-server/testing";
import { runSuite } from "./run-suite.mjs";

/** A route handler of Next.js. */
export async function GET() {
  await runSuite({ main, sync, testing });
  return new Response();
}

export const dynamic = "force-dynamic";
