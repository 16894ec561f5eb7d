import * as main from "codex-app-server";
import * as browser from "codex-app-server/browser";
import * as sync from "codex-app-server/sync";
import * as testing from "codex-app-server/testing";
import * as web from "codex-app-server/web";
import { runSuite } from "./run-suite.mjs";
import { served } from "./served-route.mjs";

/** A route handler of Next.js that runs the suite. */
export async function GET(request) {
  // The URLs of requests name the host that Next.js listens on, not the one that was requested.
  const origin = `http://${request.headers.get("host")}`;
  const serveWeb = async (handler) => {
    served.handler = handler;
    return { url: `${origin}/api/codex`, close: () => {} };
  };
  await runSuite({ main, sync, testing, web, browser, serveWeb, origins: [origin] });
  return new Response();
}

export const dynamic = "force-dynamic";
