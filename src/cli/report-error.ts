import { UsageError } from "./arguments.ts";
import { outputText, type Shown, show } from "./text.ts";

/** What the user reads of an error that ended the command. */
export function reportError(error: unknown): Shown {
  if (error instanceof UsageError) {
    return show`codex-app-server: ${outputText(error.message)}\nSee codex-app-server --help.\n`;
  }
  const message = error instanceof Error ? error.message : String(error);
  return show`codex-app-server: ${outputText(message)}\n`;
}
