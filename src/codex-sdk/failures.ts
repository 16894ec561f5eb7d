import { existsSync } from "node:fs";
import { basename } from "node:path";
import { CodexError, LaunchError, TransportClosedError } from "../errors/errors.ts";
import { messageOf } from "../util/describe.ts";

/** The error of an aborted run, as Node reports it for a child process. */
export class AbortError extends Error {
  override name = "AbortError";
  readonly code = "ABORT_ERR";

  constructor(signal: AbortSignal) {
    super("The operation was aborted", { cause: signal.reason });
  }
}

/** An error in the form in which `@openai/codex-sdk` reports that `codex exec` failed. */
export function execFailure(why: string, how = "code 1", cause?: unknown): Error {
  const message = `Codex Exec exited with ${how}: ${why}`;
  return new Error(message, cause === undefined ? undefined : { cause });
}

/** The error of a run for an error of the underlying client, which is its cause. */
export function failureOf(error: unknown, codexPath: string | undefined): unknown {
  if (error instanceof LaunchError) {
    if (codexPath !== undefined && isMissing(codexPath, error))
      return missingProgram(codexPath, error);
    const said = error.stderr.length > 0 ? error.stderr.join("\n") : error.message;
    return execFailure(said, "code 1", error);
  }
  if (error instanceof TransportClosedError) {
    const { exitCode, signal, stderr } = error;
    const how = signal ? `signal ${signal}` : `code ${exitCode ?? 1}`;
    return execFailure(stderr.length > 0 ? stderr.join("\n") : error.message, how, error);
  }
  const isOurs = error instanceof CodexError || error instanceof TypeError;
  return isOurs ? execFailure(messageOf(error), "code 1", error) : error;
}

function isMissing(program: string, { stderr, cause }: LaunchError): boolean {
  if (basename(program) !== program) return !existsSync(program);
  return stderr.length === 0 && cause === undefined;
}

/** The error as Node reports it for a program that doesn't exist. */
function missingProgram(path: string, cause: unknown): Error {
  const details = { errno: -2, code: "ENOENT", syscall: `spawn ${path}`, path };
  return Object.assign(new Error(`spawn ${path} ENOENT`, { cause }), details);
}
