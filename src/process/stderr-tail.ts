import type { Readable } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { safeLines } from "../text/secrets.ts";

const maxLines = 400;
const maxLineBytes = 8192;
const newline = 10;

/**
 * Reads a stream to its end and returns its last lines, oldest first: at most 400, without colours,
 * each cut after 8 kB. A last line without a newline is included. Secrets are masked and control
 * characters escaped, except for `onLine`.
 */
export function followStderr(stream: Readable, onLine?: (line: string) => void): () => string[] {
  const lines: string[] = [];
  const current = Buffer.alloc(maxLineBytes);
  let length = 0;

  function text(): string {
    return stripVTControlCharacters(current.toString("utf8", 0, length)).trimEnd();
  }
  function endLine(): void {
    const line = text();
    length = 0;
    lines.push(line);
    if (lines.length > maxLines) lines.shift();
    onLine?.(line);
  }
  function take(chunk: Buffer): void {
    let start = 0;
    while (start < chunk.length) {
      const found = chunk.indexOf(newline, start);
      const end = found === -1 ? chunk.length : found;
      length += chunk.copy(current, length, start, end);
      if (found !== -1) endLine();
      start = end + 1;
    }
  }
  stream.on("data", take);
  stream.once("close", () => {
    if (length > 0) endLine();
  });
  return () => safeLines(length > 0 ? [...lines, text()].slice(-maxLines) : lines);
}
