import { randomBytes } from "node:crypto";
import { MAX_TEXT_CHARS } from "../input/prepare-input.ts";
import { orAborted } from "../util/abort.ts";
import { startTimer } from "../util/timer.ts";
import { UsageError } from "./usage-error.ts";

export interface Stdin extends NodeJS.ReadableStream {
  readonly isTTY?: boolean;
  destroy?(): unknown;
}

export interface PromptOptions {
  /** The prompt of the command line. */
  readonly given: string | undefined;
  readonly stdin: Stdin;
  /**
   * Whether to ignore a silent stdin if there is a prompt argument: programs often start others
   * with a stdin that they neither write to nor close.
   */
  readonly maybeUnused: boolean;
  /** Aborting stops the wait for stdin. */
  readonly signal: AbortSignal;
  /** Called when nothing has arrived on stdin for a while. */
  readonly onSilence: (isIgnored: boolean) => void;
  /** After how many milliseconds `onSilence` is called. Default 3,000. */
  readonly silenceMs?: number;
}

/** A character has up to four bytes. */
const MAX_BYTES = 4 * MAX_TEXT_CHARS;

/**
 * The prompt: the argument with piped input appended, as in `codex exec`; without an argument, all
 * of stdin.
 * @throws UsageError if there is none, or more than the server accepts.
 */
export async function readPrompt(options: PromptOptions): Promise<string> {
  const { given, stdin } = options;
  if (stdin.isTTY) {
    if (given !== undefined) return given;
    throw new UsageError("a prompt is needed: pass it as an argument, or on stdin");
  }
  const read = await readAll(options);
  const isBlank = read.trim() === "";
  if (given === undefined) {
    if (isBlank) throw new UsageError("the prompt on stdin is empty");
    return read.trim();
  }
  return isBlank ? given : `${given}\n\n${block(read)}`;
}

/** The text as a block, with a random name if the text could end the block. */
function block(text: string): string {
  const name = /<\/?\s*stdin/i.test(text) ? `stdin-${randomBytes(8).toString("hex")}` : "stdin";
  return `<${name}>\n${text}${text.endsWith("\n") ? "" : "\n"}</${name}>`;
}

async function readAll(options: PromptOptions): Promise<string> {
  const { given, stdin, maybeUnused, onSilence, silenceMs = 3_000 } = options;
  const unused = new AbortController();
  const silence = startTimer(silenceMs, () => {
    const ignores = maybeUnused && given !== undefined;
    onSilence(ignores);
    if (ignores) unused.abort();
  });
  const reading = textOf(stdin, () => silence.cancel());
  reading.catch(() => {});
  try {
    return await orAborted(reading, AbortSignal.any([options.signal, unused.signal]));
  } catch (error) {
    // Otherwise stdin would keep the process alive.
    stdin.destroy?.();
    if (unused.signal.aborted) return "";
    throw error;
  } finally {
    silence.cancel();
  }
}

async function textOf(stdin: Stdin, onChunk: () => void): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    onChunk();
    chunks.push(Buffer.from(chunk));
    size += chunk.length;
    if (size > MAX_BYTES) {
      throw new UsageError(`the text on stdin is longer than ${MAX_TEXT_CHARS} characters`);
    }
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}
