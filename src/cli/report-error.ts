import { UsageError } from "./arguments.ts";
import { outputText } from "./text.ts";

/** What the user reads of an error that ended the command. */
export function reportError(error: unknown): string {
  if (error instanceof UsageError) {
    return `codex-app-server: ${outputText(error.message)}\nSee codex-app-server --help.\n`;
  }
  const message = error instanceof Error ? error.message : String(error);
  return `codex-app-server: ${outputText(message)}\n`;
}
