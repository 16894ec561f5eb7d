import { debuglog } from "node:util";
import { quoteForeign } from "../text/secrets.ts";

const MAX_LENGTH = 2_000;

/**
 * Writes the traffic to stderr when `NODE_DEBUG` has `codex-app-server`, secrets masked as far as
 * they are recognised, controls escaped, at most 2,000 characters a message.
 */
export function trafficLog(): (direction: "send" | "receive", text: string) => void {
  const log = debuglog("codex-app-server");
  if (!log.enabled) return () => {};
  return (direction, text) => {
    log("%s %s", direction === "send" ? "→" : "←", quoteForeign(text, MAX_LENGTH));
  };
}
