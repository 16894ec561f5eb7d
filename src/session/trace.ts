import { debuglog } from "node:util";
import { quoteForeign } from "../text/secrets.ts";

const MAX_LENGTH = 2_000;

/**
 * Writes the traffic to stderr if `NODE_DEBUG` contains `codex-app-server`: at most 2,000
 * characters of each message, secrets masked as far as they are recognised, and control characters
 * escaped.
 */
export function trafficLog(): (direction: "send" | "receive", text: string) => void {
  const log = debuglog("codex-app-server");
  if (!log.enabled) return () => {};
  return (direction, text) => {
    log("%s %s", direction === "send" ? "→" : "←", quoteForeign(text, MAX_LENGTH));
  };
}
