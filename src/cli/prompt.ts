import { MAX_TEXT_CHARS } from "../input/prepare-input.ts";
import { UsageError } from "./arguments.ts";

/** A character can be two code units. */
const MAX_UNITS = 2 * MAX_TEXT_CHARS;

/**
 * The prompt of the command line, else what stdin has.
 * @throws UsageError when there is none, and when stdin has more than the server takes.
 */
export async function readPrompt(
  given: string | undefined,
  stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean },
): Promise<string> {
  if (given !== undefined) return given;
  if (stdin.isTTY) throw new UsageError("a prompt is needed: give it as an argument, or on stdin");
  let read = "";
  for await (const piece of stdin.setEncoding("utf8")) {
    read += piece;
    if (read.length > MAX_UNITS) {
      throw new UsageError(`the prompt on stdin is longer than ${MAX_TEXT_CHARS} characters`);
    }
  }
  read = read.trim();
  if (read === "") throw new UsageError("the prompt on stdin is empty");
  return read;
}
