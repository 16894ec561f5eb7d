import { text } from "node:stream/consumers";
import { UsageError } from "./arguments.ts";

/**
 * The prompt of the command line, else what stdin has.
 * @throws UsageError when there is none.
 */
export async function readPrompt(
  given: string | undefined,
  stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean },
): Promise<string> {
  if (given !== undefined) return given;
  if (stdin.isTTY) throw new UsageError("a prompt is needed: give it as an argument, or on stdin");
  const read = (await text(stdin)).trim();
  if (read === "") throw new UsageError("the prompt on stdin is empty");
  return read;
}
