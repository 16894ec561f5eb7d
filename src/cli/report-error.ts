import { UsageError } from "./arguments.ts";
import { printable } from "./text.ts";

/** What the user reads of an error that ended the command. */
export function reportError(error: unknown): string {
  if (error instanceof UsageError) {
    return `codex-app-server: ${error.message}\nSee codex-app-server --help.\n`;
  }
  const message = error instanceof Error ? error.message : String(error);
  return `codex-app-server: ${printable(message)}\n`;
}
