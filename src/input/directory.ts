import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { InvalidInputError } from "../errors/errors.ts";

/**
 * Checks that a directory exists on this machine: the server accepts any path, and commands fail
 * later.
 *
 * @param what name of the path in errors, such as `cwd`.
 * @throws {InvalidInputError} if it doesn't exist, or isn't a directory.
 */
export async function checkDirectory(path: string, what: string): Promise<void> {
  const stats = await stat(path).catch((cause: unknown) => {
    throw new InvalidInputError(`${what}: ${resolve(path)} can't be found`, { cause });
  });
  if (!stats.isDirectory()) {
    throw new InvalidInputError(`${what}: ${resolve(path)} isn't a directory`);
  }
}
