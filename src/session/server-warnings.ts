import { CodexWarning, type Warn, type WarningCode } from "../errors/warning.ts";
import type { Notification } from "../rpc/messages.ts";
import { safeMessage } from "../text/secrets.ts";
import { isRecord } from "../util/describe.ts";

const CODES: ReadonlyMap<string, WarningCode> = new Map([
  ["warning", "SERVER_WARNING"],
  ["configWarning", "CONFIG_WARNING"],
  ["deprecationNotice", "DEPRECATION"],
]);

/** At most this many different warnings are passed on; a real server sends fewer. */
const MAX_WARNINGS = 100;

/**
 * Passes on the server's warnings, such as those about a misspelt setting or an unknown model. Each
 * text is passed on once.
 */
export class ServerWarnings {
  readonly #warn: Warn;
  readonly #seen = new Set<string>();

  constructor(warn: Warn) {
    this.#warn = warn;
  }

  see({ method, params }: Notification): void {
    const code = CODES.get(method);
    if (code === undefined || !isRecord(params)) return;
    const parts = [params.summary ?? params.message, params.details, params.path];
    const said = parts.filter((part) => typeof part === "string" && part !== "").join(" ");
    // Kept for comparison, so it must be bounded.
    const text = safeMessage(said);
    if (text === "" || this.#seen.has(text) || this.#seen.size >= MAX_WARNINGS) return;
    this.#seen.add(text);
    this.#warn(new CodexWarning(code, text));
  }
}
