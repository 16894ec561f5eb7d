import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Runs a program. Fails with all its output if it fails. */
export async function sh(file, args, options = {}) {
  try {
    return await run(file, args, { maxBuffer: 1e8, ...options });
  } catch (error) {
    const { stdout = "", stderr = "" } = error;
    throw new Error([`${file} ${args.join(" ")}: ${error.message}`, stdout, stderr].join("\n"), {
      cause: error,
    });
  }
}
