import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { InvalidInputError } from "../errors/errors.ts";

/**
 * Makes sure that a directory exists on this machine: the server takes any other path, and commands
 * fail in it afterwards.
 *
 * @param what what errors call the path, e.g. `cwd`.
 * @throws {InvalidInputError} there is none, or it is no directory.
 */
export async function checkDirectory(path: string, what: string): Promise<void> {
  const stats = await stat(path).catch((cause: unknown) => {
    throw new InvalidInputError(`${what}: ${resolve(path)} can't be found`, { cause });
  });
  if (!stats.isDirectory()) {
    throw new InvalidInputError(`${what}: ${resolve(path)} is not a directory`);
  }
}
