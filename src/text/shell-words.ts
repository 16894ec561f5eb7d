/** Shells in their usual places; a `bash` anywhere else may be another program, and is shown. */
const SHELL = /^(?:(?:\/usr)?(?:\/local)?\/bin\/|\/opt\/homebrew\/bin\/)?(?:ba|z|da|k)?sh$/;

/**
 * The script inside a `bash -lc '…'` that the server wraps commands in; other commands unchanged.
 */
export function unwrapShell(command: string): string {
  const [shell = "", flag = "", script, ...more] = shellWords(command, 4);
  const isWrapped = SHELL.test(shell) && /^-l?c$/.test(flag) && more.length === 0;
  return isWrapped && script !== undefined ? script : command;
}

/** The first words of a POSIX shell command line, with quotes removed and nothing expanded. */
function shellWords(line: string, count: number): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let at = 0;
  while (at < line.length && words.length < count) {
    const character = line[at] ?? "";
    if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      at++;
      continue;
    }
    const piece = pieceAt(line, at, character);
    word = (word ?? "") + piece.text;
    at = piece.end;
  }
  return word === undefined ? words : [...words, word];
}

/** A quoted, escaped or bare part of a word. An unclosed quote extends to the end. */
function pieceAt(line: string, at: number, character: string): { text: string; end: number } {
  switch (character) {
    case "'": {
      const close = line.indexOf("'", at + 1);
      const end = close === -1 ? line.length : close;
      return { text: line.slice(at + 1, end), end: end + 1 };
    }
    case '"':
      return doubleQuoted(line, at + 1);
    case "\\":
      return { text: line.slice(at + 1, at + 2), end: at + 2 };
    default:
      return { text: character, end: at + 1 };
  }
}

function doubleQuoted(line: string, start: number): { text: string; end: number } {
  let text = "";
  let at = start;
  for (; at < line.length && line[at] !== '"'; at++) {
    const isEscape = line[at] === "\\" && /["\\$`]/.test(line[at + 1] ?? "");
    if (isEscape) at++;
    text += line[at];
  }
  return { text, end: at + 1 };
}
