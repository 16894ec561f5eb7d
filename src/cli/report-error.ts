import { messageOf } from "../util/describe.ts";
import { exactJson, outputText, type Shown, show } from "./text.ts";
import { UsageError } from "./usage-error.ts";

/** How an error that ended the command is reported to the user. */
export function reportError(error: unknown): Shown {
  const help = error instanceof UsageError ? show`See codex-app-server --help.\n` : show``;
  return show`codex-app-server: ${outputText(messageOf(error))}\n${help}`;
}

/** The report as a line of JSON, for `--json`. */
export function errorRecord(error: unknown): Shown {
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  const record = { type: "error", code: String(code ?? "UNKNOWN"), message: messageOf(error) };
  return show`${exactJson(record)}\n`;
}
