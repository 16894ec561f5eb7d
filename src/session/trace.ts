import { debuglog } from "node:util";

const SECRET_MEMBER =
  /"([^"]*(?:token|secret|password|api_?key|authorization|credential|cookie)[^"]*)"\s*:\s*"(?:[^"\\]|\\.)*"/gi;
const SECRET_VALUE = /\b(?:sk-[\w-]{8,}|Bearer [\w.~+/-]{8,}=*|eyJ[\w-]{10,}\.[\w-]+\.[\w-]*)/g;
const MAX_LENGTH = 2_000;

/** Writes the traffic to stderr when `NODE_DEBUG` has `codex-app-server`, secrets masked. */
export function trafficLog(): (direction: "send" | "receive", text: string) => void {
  const log = debuglog("codex-app-server");
  if (!log.enabled) return () => {};
  return (direction, text) => {
    log("%s %s", direction === "send" ? "→" : "←", shorten(maskSecrets(text)));
  };
}

export function maskSecrets(text: string): string {
  return text.replace(SECRET_MEMBER, '"$1":"***"').replace(SECRET_VALUE, "***");
}

function shorten(text: string): string {
  if (text.length <= MAX_LENGTH) return text;
  return `${text.slice(0, MAX_LENGTH)}… (${text.length} characters)`;
}
